import type { ReactNode } from "react";

import { countedUntil } from "../../entities/buckets.ts";
import type { Use } from "../../entities/usage.ts";
import { useHead } from "../../network/context.tsx";
import { TimeSeries } from "../../parts/charts/index.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { formatDuration } from "../../parts/format.ts";

/** How often something was ordered, over time. */
export function UseChart({ use }: { readonly use: Pick<Use, "jobs" | "sessions"> }): ReactNode {
  const head = useHead();
  const jobs = use.jobs.map(({ orderedAt }) => orderedAt);
  if (jobs.length + use.sessions.length === 0) return <Empty>Not used yet.</Empty>;
  const times = [...jobs, ...use.sessions];
  const { size, points } = countedUntil(times, head?.timestamp ?? Math.max(...times));
  return (
    <TimeSeries
      title={`Jobs and sessions, in bars of ${formatDuration(size)}`}
      kind="bars"
      unit=""
      series={[{ label: "Jobs and sessions", points }]}
    />
  );
}
