import type { ReactNode } from "react";

import type { JobSummary, JobView } from "../../entities/jobs.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Time } from "../../parts/Time.tsx";

interface Props {
  readonly delivery: JobView["delivery"];
  readonly summary: JobSummary;
}

/** Where the result goes, and whether it has got there. */
export function DeliveryText({ delivery, summary }: Props): ReactNode {
  const { callback, tip, state, last } = delivery;
  if (callback === undefined) return "none: whoever wants the output reads it";
  return (
    <>
      to <AddressLink address={callback} />
      {tip > 0n && (
        <>
          , tip <Amount value={tip} tx={summary.tx} />
        </>
      )}
      {": "}
      {STATES[state]}
      {last !== undefined && (
        <>
          {" "}
          <Time at={last.at} tx={last.tx} />
        </>
      )}
    </>
  );
}

const STATES: Readonly<Record<JobView["delivery"]["state"], string>> = {
  none: "",
  waiting: "not delivered yet",
  failed: "the callback has failed",
  delivered: "delivered",
};
