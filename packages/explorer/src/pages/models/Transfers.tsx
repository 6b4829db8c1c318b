import type { ReactNode } from "react";

import type { Transfer } from "../../entities/models.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Time } from "../../parts/Time.tsx";

const COLUMNS: readonly Column<Transfer>[] = [
  { key: "at", title: "Given on", render: ({ at, tx }) => <Time at={at} tx={tx} />, sort: ({ at }) => at },
  { key: "from", title: "From", render: ({ from }) => <AddressLink address={from} /> },
  { key: "to", title: "To", render: ({ to }) => <AddressLink address={to} /> },
];

/** How a model's token changed hands. */
export function Transfers({ transfers }: { readonly transfers: readonly Transfer[] }): ReactNode {
  return (
    <DataTable
      caption="Changes of the owner"
      columns={COLUMNS}
      rows={transfers.toReversed()}
      rowKey={({ tx, to }) => `${tx} ${to}`}
      empty="It never changed hands."
    />
  );
}
