import type { ReactNode } from "react";

import { thawsOf, type ThawView } from "../../entities/nodeView.ts";
import type { NodeSummary } from "../../entities/stakes.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Clock } from "../../parts/Clock.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Time } from "../../parts/Time.tsx";

const COLUMNS: readonly Column<ThawView>[] = [
  {
    key: "whose",
    title: "Whose",
    render: ({ delegator }) => (delegator === undefined ? "own stake" : <AddressLink address={delegator} />),
  },
  {
    key: "amount",
    title: "When it began",
    align: "end",
    render: ({ amount, tx }) => <Amount value={amount} tx={tx} />,
    sort: ({ amount }) => amount,
  },
  {
    key: "worth",
    title: "Now",
    align: "end",
    render: ({ worth }) => <Amount value={worth} />,
    sort: ({ worth }) => worth,
  },
  { key: "began", title: "Since", render: ({ beganAt }) => <Time at={beganAt} />, sort: ({ beganAt }) => beganAt },
  {
    key: "ends",
    title: "Can leave",
    render: ({ endsAt }) => (
      <>
        <Time at={endsAt} />, <Clock until={endsAt} />
      </>
    ),
    sort: ({ endsAt }) => endsAt,
  },
];

/** Stake on its way out. Until it has left, a slash still reaches it. */
export function Thaws({ node }: { readonly node: NodeSummary }): ReactNode {
  return (
    <DataTable
      caption="Each part that thaws"
      columns={COLUMNS}
      rows={thawsOf(node)}
      rowKey={({ id, delegator }) => `${delegator ?? "own"} ${id.toString()}`}
      empty="No stake is on its way out."
      pageSize={10}
    />
  );
}
