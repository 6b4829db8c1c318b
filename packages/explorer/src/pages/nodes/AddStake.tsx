import { addStake } from "@opg-protocol/sdk";
import { type ReactNode, useState } from "react";

import type { NodeSummary } from "../../entities/stakes.ts";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { AmountField } from "../../wallet/AmountField.tsx";
import { useOwnTokens } from "./useOwnTokens.ts";

/** Adds own stake to a node. */
export function AddStake({ node }: { readonly node: NodeSummary }): ReactNode {
  const [amount, setAmount] = useState<bigint>();
  const balance = useOwnTokens();
  return (
    <ActionForm
      title="Add stake"
      submit="Add stake"
      disabled={amount === undefined}
      run={(client) => addStake(client, { node: node.address, amount: amount ?? 0n })}
      onDone={() => {
        setAmount(undefined);
      }}
      done="The stake is added."
    >
      <AmountField label="Amount" value={amount} onChange={setAmount} min={1n} max={balance} maxLabel="You have" />
      <p className="muted">
        If less is approved than that, your wallet is asked for an approval of exactly this first.
      </p>
    </ActionForm>
  );
}
