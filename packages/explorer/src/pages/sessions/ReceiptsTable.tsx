import type { ReactNode } from "react";

import type { ShownReceipt } from "../../entities/receipts.ts";
import { Amount } from "../../parts/Amount.tsx";
import { Clock } from "../../parts/Clock.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Time } from "../../parts/Time.tsx";

interface Props {
  readonly receipts: readonly ShownReceipt[];
  readonly empty: string;
  /** What comes before the receipt's own columns. */
  readonly first?: readonly Column<ShownReceipt>[];
}

const COLUMNS: readonly Column<ShownReceipt>[] = [
  {
    key: "call",
    title: "Call",
    align: "end",
    render: ({ receipt }) => receipt.sequence.toString(),
    sort: ({ receipt }) => receipt.sequence,
  },
  { key: "statement", title: "Statement", render: ({ statementId }) => <Hash value={statementId} /> },
  { key: "input", title: "Input", render: ({ receipt }) => <Hash value={receipt.inputRoot} /> },
  { key: "output", title: "Output", render: ({ receipt }) => <Hash value={receipt.outputRoot} /> },
  {
    key: "price",
    title: "Price",
    align: "end",
    render: ({ receipt, tx }) => <Amount value={receipt.price} tx={tx} />,
  },
  { key: "issued", title: "Made", render: ({ receipt, tx }) => <Time at={receipt.issuedAt} tx={tx} /> },
  {
    key: "shown",
    title: "Shown",
    render: ({ shownAt, tx }) => <Time at={shownAt} tx={tx} />,
    sort: ({ shownAt }) => shownAt,
  },
  {
    key: "disputable",
    title: "Can be disputed, ends",
    render: ({ disputableUntil }) => <Clock until={disputableUntil} />,
  },
];

/** Receipts that were shown on chain. */
export function ReceiptsTable({ receipts, empty, first = [] }: Props): ReactNode {
  return (
    <DataTable
      caption="Receipts shown on chain"
      columns={[...first, ...COLUMNS]}
      rows={receipts}
      rowKey={({ statementId, tx }) => `${statementId} ${tx}`}
      empty={empty}
      pageSize={10}
    />
  );
}
