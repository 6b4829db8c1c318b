import { type Client, delegateVotes } from "@opg-protocol/sdk";
import { ZeroAddress } from "ethers";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";

import { useRead } from "../../network/useRead.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Async } from "../../parts/Async.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { AddressField } from "../../wallet/AddressField.tsx";

interface Voting {
  /** Who votes with this account's OPG; undefined: nobody. */
  readonly delegatee: string | undefined;
  /** With what this account votes, base units of OPG. */
  readonly votes: bigint;
}

/** Who votes with an account's OPG. */
export function Votes({ account }: { readonly account: string }): ReactNode {
  const voting = useRead(["votes", account], (client) => readVotes(client, account));
  const [delegatee, setDelegatee] = useState<string>();
  return (
    <Section title="Votes">
      <Async read={voting} what="votes">
        {(data) => (
          <Facts
            items={[
              ["This account votes with", <Amount key="votes" value={data.votes} />],
              ["Its own OPG votes through", delegateeOf(data.delegatee, account)],
            ]}
          />
        )}
      </Async>
      <p className="muted">
        OPG counts in <Link href={to.governance()}>governance</Link> only once its votes were given to somebody, be it
        yourself. That of stake and of balances in contracts does not count.
      </p>
      <ActionForm
        title="Give the votes of your OPG"
        submit="Give votes"
        done="The votes were given."
        run={async (client) => (delegatee === undefined ? undefined : delegateVotes(client, { delegatee }))}
        onDone={voting.refetch}
      >
        <AddressField label="To" value={delegatee} onChange={setDelegatee} />
        <p>
          <button
            type="button"
            onClick={() => {
              setDelegatee(account);
            }}
          >
            To myself
          </button>
        </p>
      </ActionForm>
    </Section>
  );
}

function delegateeOf(delegatee: string | undefined, account: string): ReactNode {
  if (delegatee === undefined) return "nobody: it does not count";
  return delegatee.toLowerCase() === account.toLowerCase() ? "this account" : <AddressLink address={delegatee} />;
}

async function readVotes({ token }: Client, account: string): Promise<Voting> {
  const [delegatee, votes] = await Promise.all([token.delegates(account), token.getVotes(account)]);
  return { delegatee: delegatee === ZeroAddress ? undefined : delegatee, votes };
}
