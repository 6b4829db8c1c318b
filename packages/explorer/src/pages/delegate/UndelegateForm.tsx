import { type Client, getDelegation, undelegateStake } from "@opg-protocol/sdk";
import { type ReactNode, useState } from "react";

import { leastOf } from "../../entities/bounds.ts";
import { Duration } from "../../parts/Duration.tsx";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { AmountField } from "../../wallet/AmountField.tsx";

interface Props {
  readonly node: string;
  readonly delegator: string;
  /** What there is to take out, OPG in base units. */
  readonly worth: bigint;
  /** Seconds. */
  readonly thawPeriod: number;
}

/** Begins to take the user's stake out of a node. */
export function UndelegateForm({ node, delegator, worth, thawPeriod }: Props): ReactNode {
  const [amount, setAmount] = useState<bigint>();
  return (
    <ActionForm
      title="Take out"
      submit="Begin to thaw"
      disabled={amount === undefined}
      run={(client) => undelegate(client, node, delegator, amount ?? 0n)}
      onDone={() => {
        setAmount(undefined);
      }}
      done="It thaws. Come back when it is over, and withdraw it."
    >
      <AmountField label="Amount" value={amount} onChange={setAmount} min={1n} max={worth} maxLabel="You have" />
      <p>
        It thaws for{" "}
        <strong>
          <Duration seconds={thawPeriod} />
        </strong>
        . Until you have withdrawn it, it earns nothing, and a slash still reaches it.
      </p>
    </ActionForm>
  );
}

/** Shares are counted as the chain counts them now; whoever takes out all leaves none behind. */
async function undelegate(client: Client, node: string, delegator: string, amount: bigint) {
  const held = await getDelegation(client, { node, delegator });
  const isAll = amount >= held.amount;
  const shares = isAll ? held.shares : roundUp(held.shares * amount, held.amount);
  return undelegateStake(client, { node, shares, leastAmount: leastOf(isAll ? held.amount : amount) });
}

const roundUp = (whole: bigint, by: bigint): bigint => (whole + by - 1n) / by;
