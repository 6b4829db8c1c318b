import { delegateStake, type StakingTerms } from "@opg-protocol/sdk";
import { type ReactNode, useState } from "react";

import { leastOf } from "../../entities/bounds.ts";
import { sharesFor } from "../../entities/sharePool.ts";
import type { NodeSummary } from "../../entities/stakes.ts";
import { useRead } from "../../network/useRead.ts";
import { Duration } from "../../parts/Duration.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { AmountField } from "../../wallet/AmountField.tsx";
import { useWallet } from "../../wallet/useWallet.ts";
import { useOwnTokens } from "../nodes/useOwnTokens.ts";

interface Props {
  readonly node: NodeSummary;
  readonly terms: StakingTerms;
  /** What the node can still take, OPG in base units. */
  readonly room: bigint;
}

/** Adds the user's stake to a node. */
export function DelegateForm({ node, terms, room }: Props): ReactNode {
  const [amount, setAmount] = useState<bigint>();
  const { account } = useWallet();
  const balance = useOwnTokens();
  const allowance = useRead(
    ["allowance of staking", account],
    ({ token, addresses }) => token.allowance(account ?? "", addresses.staking),
    { enabled: account !== undefined },
  );
  if (room < terms.leastDelegation) {
    return <Empty>The node has as much delegated stake as its own stake allows. Choose another one.</Empty>;
  }
  const needsApproval = amount !== undefined && allowance.data !== undefined && allowance.data < amount;
  const most = balance !== undefined && balance < room ? balance : room;
  return (
    <ActionForm
      title="Delegate"
      submit="Delegate"
      disabled={amount === undefined}
      run={(client) =>
        delegateStake(client, {
          node: node.address,
          amount: amount ?? 0n,
          leastShares: leastOf(sharesFor(node.ledger.delegated, amount ?? 0n)),
        })
      }
      onDone={() => {
        setAmount(undefined);
      }}
      done="Your stake is delegated."
    >
      <AmountField
        label="Amount"
        value={amount}
        onChange={setAmount}
        min={terms.leastDelegation}
        max={most}
        maxLabel={most === room ? "Room" : "You have"}
      />
      <p>
        To get it back takes{" "}
        <strong>
          <Duration seconds={terms.thawPeriod} />
        </strong>
        . If the node lies, you can lose it.
      </p>
      {needsApproval && (
        <p className="muted">
          Two transactions: first an approval of exactly this amount, then the delegation. Nothing stays approved.
        </p>
      )}
    </ActionForm>
  );
}
