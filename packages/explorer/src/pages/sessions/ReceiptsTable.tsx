import type { ReactNode } from "react";

import type { ShownReceiptView } from "../../entities/sessionParts.ts";
import { Amount } from "../../parts/Amount.tsx";
import { Clock } from "../../parts/Clock.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Time } from "../../parts/Time.tsx";

const COLUMNS: readonly Column<ShownReceiptView>[] = [
  {
    key: "call",
    title: "Call",
    align: "end",
    render: ({ sequence }) => sequence.toString(),
    sort: ({ sequence }) => sequence,
  },
  { key: "statement", title: "Statement", render: ({ statementId }) => <Hash value={statementId} /> },
  { key: "input", title: "Input", render: ({ inputRoot }) => <Hash value={inputRoot} /> },
  { key: "output", title: "Output", render: ({ outputRoot }) => <Hash value={outputRoot} /> },
  { key: "price", title: "Price", align: "end", render: ({ price, tx }) => <Amount value={price} tx={tx} /> },
  { key: "issued", title: "Made", render: ({ issuedAt, tx }) => <Time at={issuedAt} tx={tx} /> },
  {
    key: "disputable",
    title: "Can be disputed, ends",
    render: ({ disputableUntil }) => <Clock until={disputableUntil} />,
  },
];

/** Receipts of a session. */
export function ReceiptsTable({ receipts }: { readonly receipts: readonly ShownReceiptView[] }): ReactNode {
  return (
    <DataTable
      caption="Receipts of this session that were shown"
      columns={COLUMNS}
      rows={receipts}
      rowKey={({ statementId, tx }) => `${statementId} ${tx}`}
      empty="Nobody has shown a receipt of this session."
      pageSize={10}
    />
  );
}
