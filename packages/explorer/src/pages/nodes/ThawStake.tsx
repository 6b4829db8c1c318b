import { thawStake } from "@opg-protocol/sdk";
import { type ReactNode, useState } from "react";

import type { NodeSummary } from "../../entities/stakes.ts";
import { Amount } from "../../parts/Amount.tsx";
import { Duration } from "../../parts/Duration.tsx";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { AmountField } from "../../wallet/AmountField.tsx";

interface Props {
  readonly node: NodeSummary;
  /** Seconds. */
  readonly thawPeriod: number;
  /** Below it a node backs nothing; OPG in base units. */
  readonly leastOwnStake: bigint;
}

/** Begins to take own stake out. */
export function ThawStake({ node, thawPeriod, leastOwnStake }: Props): ReactNode {
  const [amount, setAmount] = useState<bigint>();
  const rest = node.own - (amount ?? 0n);
  return (
    <ActionForm
      title="Thaw stake"
      submit="Begin to thaw"
      disabled={amount === undefined}
      run={(client) => thawStake(client, { node: node.address, amount: amount ?? 0n })}
      onDone={() => {
        setAmount(undefined);
      }}
      done="It thaws. Come back when it is over, and withdraw it."
    >
      <AmountField label="Amount" value={amount} onChange={setAmount} min={1n} max={node.own} maxLabel="Bonded" />
      <p>
        It thaws for{" "}
        <strong>
          <Duration seconds={thawPeriod} />
        </strong>
        . Until you have withdrawn it, a slash still reaches it.
      </p>
      {amount !== undefined && rest < leastOwnStake && (
        <p className="note wait">
          <Amount value={rest} /> would stay. Below <Amount value={leastOwnStake} /> nothing backs the node any more,
          and it takes no new work.
        </p>
      )}
    </ActionForm>
  );
}
