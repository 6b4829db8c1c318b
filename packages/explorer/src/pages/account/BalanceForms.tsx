import { type ReactNode, useState } from "react";

import { type LedgerName, LEDGERS } from "../../entities/accounts.ts";
import { Section } from "../../parts/Section.tsx";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { AmountField } from "../../wallet/AmountField.tsx";
import { SelectField } from "../../wallet/SelectField.tsx";
import { type Holdings, LEDGER_OF } from "./ledgers.ts";

interface Props {
  readonly holdings: Holdings;
  /** Reads the balances anew. */
  readonly refetch: () => unknown;
}

const OPTIONS = LEDGERS.map((name) => ({ value: name, label: LEDGER_OF[name].title }));
const ledgerNamed = (text: string): LedgerName => LEDGERS.find((name) => name === text) ?? "market";

/** Moves OPG between the wallet and the contracts. */
export function BalanceForms({ holdings, refetch }: Props): ReactNode {
  return (
    <Section title="Deposit and withdraw">
      <div className="actions">
        <Deposit holdings={holdings} refetch={refetch} />
        <Withdrawal holdings={holdings} refetch={refetch} />
      </div>
    </Section>
  );
}

function Deposit({ holdings, refetch }: Props): ReactNode {
  const [name, setName] = useState<LedgerName>("market");
  const [amount, setAmount] = useState<bigint>();
  return (
    <ActionForm
      title="Deposit"
      submit="Deposit"
      done="Deposited."
      run={async (client) => (amount === undefined ? undefined : LEDGER_OF[name].deposit(client, amount))}
      onDone={() => {
        setAmount(undefined);
        refetch();
      }}
    >
      <SelectField
        label="Into"
        value={name}
        onChange={(text) => {
          setName(ledgerNamed(text));
        }}
        options={OPTIONS}
        hint={`Pays: ${LEDGER_OF[name].use}.`}
      />
      <AmountField
        label="Amount"
        value={amount}
        onChange={setAmount}
        min={1n}
        max={holdings.opg}
        maxLabel="In your wallet"
        hint="You sign once, and confirm one transaction. No approval stays behind."
      />
    </ActionForm>
  );
}

function Withdrawal({ holdings, refetch }: Props): ReactNode {
  const [name, setName] = useState<LedgerName>("market");
  const [amount, setAmount] = useState<bigint>();
  return (
    <ActionForm
      title="Withdraw"
      submit="Withdraw"
      done="Withdrawn to your wallet."
      run={async (client) => (amount === undefined ? undefined : LEDGER_OF[name].withdraw(client, amount))}
      onDone={() => {
        setAmount(undefined);
        refetch();
      }}
    >
      <SelectField
        label="From"
        value={name}
        onChange={(text) => {
          setName(ledgerNamed(text));
        }}
        options={OPTIONS}
      />
      <AmountField
        label="Amount"
        value={amount}
        onChange={setAmount}
        min={1n}
        max={holdings.ledgers[name]}
        maxLabel="Balance"
      />
    </ActionForm>
  );
}
