import { type ReactNode, useMemo } from "react";

import type { JobSummary } from "../../entities/jobs.ts";
import { priceChangesOf } from "../../entities/serving.ts";
import { useHistory } from "../../history/useHistory.ts";
import { opgNumber, TimeSeries } from "../../parts/charts/index.tsx";
import { Empty } from "../../parts/Empty.tsx";

interface Props {
  readonly versionId: string;
  readonly jobs: readonly JobSummary[];
}

/** What was paid for a version, and what nodes have asked for calls of it, over time. */
export function PriceChart({ versionId, jobs }: Props): ReactNode {
  const { index } = useHistory();
  const asked = useMemo(
    () => priceChangesOf(index, versionId).filter(({ callPrice }) => callPrice > 0n),
    [index, versionId],
  );
  if (jobs.length + asked.length === 0) return <Empty>Nothing was ordered or offered yet.</Empty>;
  return (
    <>
      {jobs.length > 0 && (
        <TimeSeries
          title="Price that orders named, for each answer"
          unit="OPG"
          series={[
            { label: "Several nodes", points: pricesIn(jobs, "market") },
            { label: "One node", points: pricesIn(jobs, "optimistic") },
          ].filter(({ points }) => points.length > 0)}
        />
      )}
      {asked.length > 0 && (
        <TimeSeries
          title="Price that nodes asked for a call"
          unit="OPG"
          series={[
            { label: "Call", points: asked.map(({ since, callPrice }) => [since, opgNumber(callPrice)] as const) },
          ]}
        />
      )}
    </>
  );
}

const pricesIn = (jobs: readonly JobSummary[], market: JobSummary["market"]) =>
  jobs
    .filter((job) => job.market === market)
    .map(({ orderedAt, price }) => [orderedAt, opgNumber(price)] as const)
    .toReversed();
