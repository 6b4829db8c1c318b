import type { ReactNode } from "react";

import type { JobSummary } from "../../entities/jobs.ts";
import { latenciesOf } from "../../entities/usage.ts";
import { BoxPlot } from "../../parts/charts/index.tsx";
import { quartiles } from "../../parts/charts/statistics.ts";
import { Empty } from "../../parts/Empty.tsx";
import { shortHash } from "../../parts/format.ts";

/** Nodes of one chart. */
const MOST = 20;

/** How long nodes took from the order to what they state, as far as the chain tells: the times of blocks. */
export function Latency({ jobs }: { readonly jobs: readonly JobSummary[] }): ReactNode {
  const items = [...latenciesOf(jobs)]
    .flatMap(([node, seconds]) => {
      const five = quartiles(seconds);
      return five === undefined ? [] : [{ label: shortHash(node), ...five }];
    })
    .sort((a, b) => a.median - b.median);
  if (items.length === 0) return <Empty>No node has stated anything yet.</Empty>;
  return (
    <>
      <BoxPlot title="Seconds from order to statement, by node" unit="s" items={items.slice(0, MOST)} />
      <p className="muted">
        Where several nodes answer, they first seal and show what they sealed later, together; that time is part of it.
        {items.length > MOST && ` The ${MOST.toString()} fastest of ${items.length.toString()} nodes.`}
      </p>
    </>
  );
}
