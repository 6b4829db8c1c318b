import { getRecord } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { clocksOf } from "../../entities/clocks.ts";
import type { JobView } from "../../entities/jobs.ts";
import { useNow } from "../../network/context.tsx";
import { useRead } from "../../network/useRead.ts";
import { Clock } from "../../parts/Clock.tsx";
import { Time } from "../../parts/Time.tsx";

/** What ends by itself, as entries of the timeline that are still to come. */
export function Clocks({ view }: { readonly view: JobView }): ReactNode {
  const now = useNow();
  const { id: jobId, market, isFinal } = view.summary;
  // Of a draw in which nobody has sealed, only storage tells when it begins.
  const stored = useRead(["job record", jobId], (client) => getRecord(client, { jobId }), {
    enabled: market === "market" && !isFinal,
  });
  return clocksOf(view, now, stored.data?.record).map(({ label, until }) => (
    <li key={label} className="wait">
      <Clock until={until} label={label} />
      <span className="when">
        <Time at={until} />
      </span>
    </li>
  ));
}
