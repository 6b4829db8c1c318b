import type { ReactNode } from "react";

import { isServedAt } from "../../entities/serving.ts";
import { commissionOf, type NodeSummary } from "../../entities/stakes.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Time } from "../../parts/Time.tsx";
import { CommissionText } from "./CommissionText.tsx";

interface Props {
  readonly nodes: readonly NodeSummary[];
  /** Unix seconds. */
  readonly now: number;
}

/** Nodes with their stake and what they serve. */
export function NodesTable({ nodes, now }: Props): ReactNode {
  return (
    <DataTable
      caption="Nodes"
      columns={columnsAt(now)}
      rows={nodes}
      rowKey={({ address }) => address}
      empty="No node is registered yet."
    />
  );
}

const columnsAt = (now: number): readonly Column<NodeSummary>[] => [
  {
    key: "node",
    title: "Node",
    render: ({ address, signer }) => (
      <>
        <AddressLink address={address} /> {signer === undefined && <Badge tone="bad">no signer</Badge>}
      </>
    ),
    sort: ({ address }) => address,
  },
  {
    key: "own",
    title: "Own stake",
    align: "end",
    render: ({ own }) => <Amount value={own} />,
    sort: ({ own }) => own,
  },
  {
    key: "delegated",
    title: "Delegated",
    align: "end",
    render: ({ delegated }) => <Amount value={delegated} />,
    sort: ({ delegated }) => delegated,
  },
  {
    key: "thawing",
    title: "Thawing",
    align: "end",
    render: ({ thawing }) => <Amount value={thawing} />,
    sort: ({ thawing }) => thawing,
  },
  {
    key: "commission",
    title: "Commission",
    render: (node) => <CommissionText node={node} />,
    sort: (node) => commissionOf(node, now).current?.value ?? 0,
  },
  {
    key: "serves",
    title: "Versions served",
    align: "end",
    render: (node) => versionsServed(node, now),
    sort: (node) => versionsServed(node, now),
  },
  {
    key: "slashed",
    title: "Slashed",
    align: "end",
    render: ({ slashed }) => <Amount value={slashed} />,
    sort: ({ slashed }) => slashed,
  },
  {
    key: "active",
    title: "Last seen to act",
    render: ({ lastActivity }) => <Time at={lastActivity} />,
    sort: ({ lastActivity }) => lastActivity,
  },
];

const versionsServed = ({ served }: NodeSummary, now: number): number =>
  new Set(served.filter((each) => isServedAt(each, now)).map(({ versionId }) => versionId)).size;
