import { type ReactNode, useMemo } from "react";

import { type Slash, slashesOf } from "../../entities/nodeView.ts";
import { useHistory } from "../../history/useHistory.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Time } from "../../parts/Time.tsx";
import { Obligation } from "./Obligation.tsx";

const COLUMNS: readonly Column<Slash>[] = [
  { key: "at", title: "When", render: ({ at, tx }) => <Time at={at} tx={tx} />, sort: ({ at }) => at },
  { key: "consumer", title: "By", render: ({ consumer }) => <AddressLink address={consumer} /> },
  { key: "for", title: "For", render: ({ obligation }) => <Obligation id={obligation} /> },
  {
    key: "own",
    title: "Own stake",
    align: "end",
    render: ({ own, tx }) => <Amount value={own} tx={tx} />,
    sort: ({ own }) => own,
  },
  {
    key: "delegated",
    title: "Delegated stake",
    align: "end",
    render: ({ delegated, tx }) => <Amount value={delegated} tx={tx} />,
    sort: ({ delegated }) => delegated,
  },
  { key: "paid", title: "Paid out", align: "end", render: ({ paid, tx }) => <Amount value={paid} tx={tx} /> },
  { key: "burned", title: "Burned", align: "end", render: ({ burned, tx }) => <Amount value={burned} tx={tx} /> },
];

/** What slashes took from a node, and where that went. */
export function Slashes({ address }: { readonly address: string }): ReactNode {
  const { index } = useHistory();
  const slashes = useMemo(() => slashesOf(index, address), [index, address]);
  return (
    <DataTable
      caption="Each slash"
      columns={COLUMNS}
      rows={slashes}
      rowKey={({ tx, consumer, obligation, own }) => `${tx} ${consumer} ${obligation} ${own.toString()}`}
      empty="It was never slashed."
      pageSize={10}
    />
  );
}
