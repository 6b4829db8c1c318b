import { type Client, delegateVotes, getTokenBalance } from "@opg-protocol/sdk";
import { ZeroAddress } from "ethers";
import { type ReactNode, useState } from "react";

import { sameId } from "../../entities/sameId.ts";
import { useRead } from "../../network/useRead.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Async } from "../../parts/Async.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { AddressField } from "../../wallet/AddressField.tsx";
import { useWallet } from "../../wallet/useWallet.ts";

/** OPG in base units. */
interface Voting {
  readonly balance: bigint;
  /** With what the account votes. */
  readonly votes: bigint;
  /** Who votes with the account's OPG; undefined: nobody. */
  readonly delegatee: string | undefined;
}

const readVotes =
  (account: string) =>
  async (client: Client): Promise<Voting> => {
    const [balance, votes, delegatee] = await Promise.all([
      getTokenBalance(client, { account }),
      client.token.getVotes(account),
      client.token.delegates(account),
    ]);
    return { balance, votes, delegatee: delegatee === ZeroAddress ? undefined : delegatee };
  };

/** Who votes with the OPG of the user's account. */
export function DelegateVotes(): ReactNode {
  const { account } = useWallet();
  const [delegatee, setDelegatee] = useState<string>();
  return (
    <>
      <p>
        OPG votes only once its holder has said who votes with it: oneself, or somebody else. Votes count as they were
        when a vote begins. Staked and deposited OPG does not vote.
      </p>
      {account !== undefined && <OwnVotes account={account} />}
      <ActionForm
        title="Choose who votes with your OPG"
        submit="Delegate votes"
        done="Your votes are delegated; they count in votes that begin from now on."
        disabled={delegatee === undefined}
        run={(client) => (delegatee === undefined ? Promise.resolve() : delegateVotes(client, { delegatee }))}
      >
        <AddressField label="Account that votes" value={delegatee} onChange={setDelegatee} />
        {account !== undefined && (
          <button
            type="button"
            onClick={() => {
              setDelegatee(account);
            }}
          >
            Vote yourself
          </button>
        )}
      </ActionForm>
    </>
  );
}

function OwnVotes({ account }: { readonly account: string }): ReactNode {
  const voting = useRead(["votes", account], readVotes(account));
  return (
    <Async read={voting} what="your votes">
      {({ balance, votes, delegatee }) => (
        <Facts
          items={[
            ["In your wallet", <Amount key="balance" value={balance} />],
            ["Its own OPG votes through", delegateeOf(delegatee, account)],
            ["This account votes with", <Amount key="votes" value={votes} />],
          ]}
        />
      )}
    </Async>
  );
}

function delegateeOf(delegatee: string | undefined, account: string): ReactNode {
  if (delegatee === undefined) return "nobody: it does not count";
  return sameId(delegatee, account) ? "this account" : <AddressLink address={delegatee} />;
}
