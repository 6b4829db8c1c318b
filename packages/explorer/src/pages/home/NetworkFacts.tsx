import type { ReactNode } from "react";
import { Link } from "wouter";

import { overviewOf } from "../../entities/overview.ts";
import { isServedAt } from "../../entities/serving.ts";
import { nodesOf } from "../../entities/stakes.ts";
import { useEntities, useHistory } from "../../history/useHistory.ts";
import { useHead } from "../../network/context.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { Percent } from "../../parts/Percent.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";

const DAY = 86_400;
const count = (number: number): string => number.toLocaleString("en");

/** Whether the network lives, and how much it does. */
export function NetworkFacts(): ReactNode {
  const head = useHead();
  const { index, isComplete } = useHistory();
  const overview = useEntities(overviewOf);
  return (
    <Facts
      items={[
        ["State", <Alive key="state" />],
        [
          "Newest block",
          head && (
            <span key="head">
              {count(head.blockNumber)}, <Time at={head.timestamp} />
            </span>
          ),
        ],
        ["Events read", `${count(index.size)}${isComplete ? "" : ", reading on"}`],
        ["Jobs", `${count(overview.jobs)}, of which ${count(overview.running)} not final yet`],
        ["Paid for answers in all", <Paid key="paid" settled={overview.settled} />],
        ["Nodes", <Nodes key="nodes" time={head?.timestamp} />],
        [
          "Disputed statements",
          <span key="disputed">
            <Link href={to.disputes()}>{count(overview.disputed)}</Link> of {count(overview.statements)}
            {overview.statements > 0 && (
              <>
                {" "}
                (<Percent ratio={overview.disputed / overview.statements} />)
              </>
            )}
          </span>,
        ],
      ]}
    />
  );
}

function Alive(): ReactNode {
  const { isComplete, error } = useHistory();
  if (error !== undefined) return <Badge tone="bad">The RPC does not answer</Badge>;
  return isComplete ? <Badge tone="good">Up to date</Badge> : <Badge tone="wait">Reading the past</Badge>;
}

function Paid({ settled }: { readonly settled: bigint }): ReactNode {
  return (
    <span title="Pay, royalties and fees of all settled jobs and sessions">
      <Amount value={settled} /> <span className="muted">(pay, royalties and fees)</span>
    </span>
  );
}

function Nodes({ time }: { readonly time: number | undefined }): ReactNode {
  const nodes = useEntities(nodesOf);
  const now = time ?? 0;
  const serving = nodes.filter(({ served }) => served.some((each) => isServedAt(each, now)));
  const active = nodes.filter(({ lastActivity }) => lastActivity > now - DAY);
  return (
    <>
      <Link href={to.nodes()}>{count(nodes.length)} registered</Link>
      {time !== undefined &&
        `. Declared now as serving: ${count(serving.length)}. Acted on chain within a day: ${count(active.length)}.`}
    </>
  );
}
