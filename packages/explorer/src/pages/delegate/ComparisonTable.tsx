import type { ReactNode } from "react";
import { Link } from "wouter";

import { roomOf } from "../../entities/rooms.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Percent } from "../../parts/Percent.tsx";
import { shortHash } from "../../parts/format.ts";
import { to } from "../../routes.ts";
import { CommissionText } from "../nodes/CommissionText.tsx";
import { YieldText } from "../nodes/YieldText.tsx";
import type { Candidate } from "./Comparison.tsx";

interface Props {
  readonly candidates: readonly Candidate[];
  readonly delegationRatio: number;
}

/** Nodes side by side. */
export function ComparisonTable({ candidates, delegationRatio }: Props): ReactNode {
  return (
    <DataTable
      caption="Nodes to delegate to"
      columns={columnsFor(delegationRatio)}
      rows={candidates}
      rowKey={({ node }) => node.address}
      empty="No node is registered yet."
    />
  );
}

const columnsFor = (delegationRatio: number): readonly Column<Candidate>[] => [
  {
    key: "node",
    title: "Node",
    render: ({ node }) => (
      <>
        <AddressLink address={node.address} /> {node.signer === undefined && <Badge tone="bad">no signer</Badge>}
      </>
    ),
    sort: ({ node }) => node.address,
  },
  {
    key: "commission",
    title: "Commission",
    render: ({ node }) => <CommissionText node={node} />,
    sort: ({ node }) => node.commissions.at(-1)?.value ?? 0,
  },
  {
    key: "own",
    title: "Own stake",
    align: "end",
    render: ({ node }) => <Amount value={node.own} />,
    sort: ({ node }) => node.own,
  },
  {
    key: "delegated",
    title: "Delegated",
    align: "end",
    render: ({ node }) => <Amount value={node.delegated} />,
    sort: ({ node }) => node.delegated,
  },
  {
    key: "room",
    title: "Room",
    align: "end",
    render: ({ node }) => <Amount value={roomOf(node, delegationRatio)} />,
    sort: ({ node }) => roomOf(node, delegationRatio),
  },
  {
    key: "yield",
    title: "Delegated stake earned",
    render: ({ past }) => <YieldText past={past} />,
    sort: ({ past }) => past.earned,
  },
  {
    key: "lost",
    title: "Delegated stake lost",
    align: "end",
    render: ({ past }) => <Percent ratio={past.lost} />,
    sort: ({ past }) => past.lost,
  },
  {
    key: "slashed",
    title: "Slashed in all",
    align: "end",
    render: ({ node }) => <Amount value={node.slashed} />,
    sort: ({ node }) => node.slashed,
  },
  {
    key: "go",
    title: "Action",
    render: ({ node }) => (
      <Link className="button" href={to.delegate(node.address)} aria-label={`Delegate to ${shortHash(node.address)}`}>
        Delegate
      </Link>
    ),
  },
];
