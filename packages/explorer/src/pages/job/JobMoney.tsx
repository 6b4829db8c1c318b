import type { ReactNode } from "react";

import type { JobView } from "../../entities/jobs.ts";
import type { MoneyFlow, MoneyParty } from "../../entities/money.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { opgNumber, Sankey } from "../../parts/charts/index.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { Time } from "../../parts/Time.tsx";
import { partyText } from "./words.ts";

/** Where the escrow went, and what was taken from whom: drawn, and as a list in which each number has its transaction. */
export function JobMoney({ view }: { readonly view: JobView }): ReactNode {
  const { money, summary } = view;
  const { escrow, held, flows } = money;
  return (
    <>
      <Facts
        items={[
          ["Taken from the requester", <Amount key="escrow" value={escrow} tx={summary.tx} />],
          [summary.isFinal ? "Waits for the delivery" : "Still in escrow", <Amount key="held" value={held} />],
          [
            "Cost for the requester",
            summary.cost !== undefined && summary.settledTx !== undefined ? (
              <Amount key="cost" value={summary.cost} tx={summary.settledTx} />
            ) : undefined,
          ],
        ]}
      />
      {flows.length > 0 && <FlowChart flows={flows} held={held} />}
      <DataTable
        caption="Flows of money"
        columns={COLUMNS}
        rows={flows}
        rowKey={(flow) => `${flow.tx} ${flow.what} ${partyText(flow.from)} ${partyText(flow.to)}`}
        empty="No money has moved since the order."
      />
    </>
  );
}

const COLUMNS: readonly Column<MoneyFlow>[] = [
  { key: "what", title: "What", render: ({ what }) => what },
  { key: "from", title: "From", render: ({ from }) => <Party party={from} /> },
  { key: "to", title: "To", render: ({ to }) => <Party party={to} /> },
  {
    key: "amount",
    title: "Amount",
    align: "end",
    render: ({ amount, tx }) => <Amount value={amount} tx={tx} />,
    sort: ({ amount }) => amount,
  },
  { key: "at", title: "Time", render: ({ at, tx }) => <Time at={at} tx={tx} />, sort: ({ at }) => at },
];

function Party({ party }: { readonly party: MoneyParty }): ReactNode {
  const { kind, account } = party;
  const name = partyText({ kind, account: undefined });
  return account === undefined ? (
    name
  ) : (
    <>
      {name} <AddressLink address={account} />
    </>
  );
}

const idOf = ({ kind, account }: MoneyParty): string => `${kind} ${account ?? ""}`;
const HELD = "held";

/** Flows between the same two are one band. */
function FlowChart({ flows, held }: { readonly flows: readonly MoneyFlow[]; readonly held: bigint }): ReactNode {
  const parties = new Map(flows.flatMap(({ from, to }) => [from, to]).map((party) => [idOf(party), party]));
  const bands = Map.groupBy(flows, ({ from, to }) => `${idOf(from)}|${idOf(to)}`);
  const links = [...bands.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    const amount = rest.reduce((sum, flow) => sum + flow.amount, first.amount);
    return [{ from: idOf(first.from), to: idOf(first.to), value: opgNumber(amount) }];
  });
  const nodes = [...parties].map(([id, party]) => ({ id, label: partyText(party) }));
  const escrow = idOf({ kind: "escrow", account: undefined });
  return (
    <Sankey
      title="Where the money went"
      unit="OPG"
      nodes={[...nodes, { id: HELD, label: "Not paid out yet" }]}
      links={[...links, { from: escrow, to: HELD, value: opgNumber(held) }]}
    />
  );
}
