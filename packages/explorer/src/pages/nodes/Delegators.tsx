import type { ReactNode } from "react";

import { type Delegator, delegatorsOf } from "../../entities/nodeView.ts";
import type { NodeSummary } from "../../entities/stakes.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";

const COLUMNS: readonly Column<Delegator>[] = [
  { key: "who", title: "Delegator", render: ({ delegator }) => <AddressLink address={delegator} /> },
  {
    key: "worth",
    title: "Worth now",
    align: "end",
    render: ({ worth }) => <Amount value={worth} />,
    sort: ({ worth }) => worth,
  },
  {
    key: "in",
    title: "Put in so far",
    align: "end",
    render: ({ paidIn }) => <Amount value={paidIn} />,
    sort: ({ paidIn }) => paidIn,
  },
  {
    key: "out",
    title: "Taken out so far",
    align: "end",
    render: ({ takenOut }) => <Amount value={takenOut} />,
    sort: ({ takenOut }) => takenOut,
  },
];

/** Who has delegated to a node. */
export function Delegators({ node }: { readonly node: NodeSummary }): ReactNode {
  return (
    <DataTable
      caption="Accounts that have delegated"
      columns={COLUMNS}
      rows={delegatorsOf(node)}
      rowKey={({ delegator }) => delegator}
      empty="Nobody has delegated to it."
      pageSize={10}
    />
  );
}
