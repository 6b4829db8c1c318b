import type { ReactNode } from "react";

import { type BalanceMove, balanceMovesOf } from "../../entities/accounts.ts";
import { useHistory } from "../../history/useHistory.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Section } from "../../parts/Section.tsx";
import { Time } from "../../parts/Time.tsx";
import { LEDGER_OF } from "./ledgers.ts";

const COLUMNS: readonly Column<BalanceMove>[] = [
  { key: "at", title: "Time", render: ({ at, tx }) => <Time at={at} tx={tx} />, sort: ({ at }) => at },
  { key: "ledger", title: "Balance", render: ({ ledger }) => LEDGER_OF[ledger].title, sort: ({ ledger }) => ledger },
  { key: "what", title: "What", render: ({ what }) => what, sort: ({ what }) => what },
  {
    key: "amount",
    title: "Amount",
    align: "end",
    render: ({ amount, tx }) => <Amount value={amount} tx={tx} signed />,
    sort: ({ amount }) => amount,
  },
  {
    key: "other",
    title: "From or to",
    render: ({ other }) => (other === undefined ? "" : <AddressLink address={other} />),
  },
];

/** What somebody has put into an account's balances, and taken out of them. */
export function OwnMoves({ account }: { readonly account: string }): ReactNode {
  const { index } = useHistory();
  const moves = balanceMovesOf(index, account);
  return (
    <Section title="Deposits and withdrawals">
      <DataTable
        caption="Deposits, withdrawals and moves of this account's balances"
        columns={COLUMNS}
        rows={moves}
        rowKey={({ id }) => id}
        empty="Nothing was deposited or withdrawn yet."
        pageSize={10}
      />
    </Section>
  );
}
