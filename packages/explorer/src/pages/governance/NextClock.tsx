import type { ReactNode } from "react";

import type { ProposalSummary } from "../../entities/proposals.ts";
import { useNow } from "../../network/context.tsx";
import { Clock } from "../../parts/Clock.tsx";
import { Time } from "../../parts/Time.tsx";
import { useStanding } from "./useStanding.ts";

/** What comes next for a proposal, and when. */
export function NextClock({ proposal }: { readonly proposal: ProposalSummary }): ReactNode {
  const { state } = useStanding(proposal);
  const { voteStartsAt, voteEndsAt, queued, executed } = proposal;
  switch (state) {
    case "Pending":
      return <Clock label="Vote begins" until={voteStartsAt} />;
    case "Active":
      return <Clock label="Vote ends" until={voteEndsAt} />;
    case "Succeeded":
      return "Can be queued";
    case "Queued":
      return queued && <Executable at={queued.executableAt} />;
    case "Executed":
      return executed && <Time at={executed.at} tx={executed.tx} />;
    case "Canceled":
    case "Defeated":
    case "Expired":
    case undefined:
      return "–";
  }
}

function Executable({ at }: { readonly at: number }): ReactNode {
  const now = useNow();
  return now >= at ? "Can be executed" : <Clock label="Can be executed" until={at} />;
}
