import type { ReactNode } from "react";

import { jobsOf } from "../../entities/jobs.ts";
import { jobsPerHour } from "../../entities/overview.ts";
import { useEntities } from "../../history/useHistory.ts";
import { useHead } from "../../network/context.tsx";
import { TimeSeries } from "../../parts/charts/index.tsx";
import { Empty } from "../../parts/Empty.tsx";

/** Two days. */
const HOURS = 48;

/** How much is ordered. */
export function JobsPerHour(): ReactNode {
  const jobs = useEntities(jobsOf);
  const head = useHead();
  const points = jobsPerHour(jobs, head?.timestamp ?? 0, HOURS);
  if (points.every(([, number]) => number === 0))
    return <Empty>Nothing was ordered within the last {HOURS} hours.</Empty>;
  return (
    <TimeSeries
      title={`Jobs ordered in each of the last ${HOURS} hours`}
      series={[{ label: "Jobs", points }]}
      unit="jobs"
      kind="bars"
    />
  );
}
