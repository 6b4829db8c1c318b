import { type Client, getDelegation, getThaw, withdrawDelegation } from "@opg-protocol/sdk";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { nodesDelegatedTo, type ThawView, thawsOf } from "../../entities/accounts.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useNow } from "../../network/context.tsx";
import { useRead } from "../../network/useRead.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Async } from "../../parts/Async.tsx";
import { Clock } from "../../parts/Clock.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { ActionForm } from "../../wallet/ActionForm.tsx";

/** What an account has in a node now, base units of OPG. */
interface Delegated {
  readonly node: string;
  readonly amount: bigint;
}

/** A thaw with what it is worth now, after slashes. */
interface Thawing extends ThawView {
  readonly worth: bigint;
}

const DELEGATED: readonly Column<Delegated>[] = [
  { key: "node", title: "Node", render: ({ node }) => <AddressLink address={node} /> },
  {
    key: "amount",
    title: "Worth now",
    align: "end",
    render: ({ amount }) => <Amount value={amount} />,
    sort: ({ amount }) => amount,
  },
  { key: "act", title: "", render: ({ node }) => <Link href={to.delegate(node)}>Delegate or thaw</Link> },
];

const THAWING: readonly Column<Thawing>[] = [
  { key: "node", title: "Node", render: ({ node }) => <AddressLink address={node} /> },
  { key: "worth", title: "Worth now", align: "end", render: ({ worth, tx }) => <Amount value={worth} tx={tx} /> },
  { key: "ends", title: "Thawed", render: ({ endsAt }) => <Clock until={endsAt} /> },
];

/** What an account has delegated, and what of it thaws. */
export function OwnDelegations({ account }: { readonly account: string }): ReactNode {
  const { index } = useHistory();
  const nodes = nodesDelegatedTo(index, account);
  const thaws = thawsOf(index, account);
  const key = [account, nodes.join(), thaws.map(({ node, thawId }) => `${node}${thawId}`).join()];
  const read = useRead(["delegations", ...key], (client) => readDelegations(client, account, nodes, thaws));
  return (
    <Section title="Your delegations">
      <Async read={read} what="delegations">
        {({ delegated, thawing }) => (
          <>
            <DataTable
              caption="Stake that this account has delegated"
              columns={DELEGATED}
              rows={delegated}
              rowKey={({ node }) => node}
              empty={
                <>
                  This account has delegated nothing. <Link href={to.delegate()}>Compare nodes.</Link>
                </>
              }
            />
            {thawing.length > 0 && <Thaws thawing={thawing} refetch={read.refetch} />}
          </>
        )}
      </Async>
    </Section>
  );
}

function Thaws({
  thawing,
  refetch,
}: {
  readonly thawing: readonly Thawing[];
  readonly refetch: () => unknown;
}): ReactNode {
  const now = useNow();
  return (
    <>
      <h3>Thawing</h3>
      <DataTable
        caption="Delegated stake that thaws"
        columns={THAWING}
        rows={thawing}
        rowKey={({ node, thawId }) => `${node} ${thawId}`}
        empty="Nothing thaws."
      />
      {thawing
        .filter(({ endsAt }) => endsAt <= now)
        .map(({ node, thawId, worth }) => (
          <ActionForm
            key={`${node} ${thawId}`}
            title="Thawed stake"
            submit="Withdraw"
            done="Withdrawn to your wallet."
            run={(client) => withdrawDelegation(client, { node, thawId })}
            onDone={refetch}
          >
            <p>
              <Amount value={worth} /> of node <AddressLink address={node} /> can be withdrawn.
            </p>
          </ActionForm>
        ))}
    </>
  );
}

async function readDelegations(
  client: Client,
  account: string,
  nodes: readonly string[],
  thaws: readonly ThawView[],
): Promise<{ readonly delegated: readonly Delegated[]; readonly thawing: readonly Thawing[] }> {
  const [amounts, worths] = await Promise.all([
    Promise.all(nodes.map((node) => getDelegation(client, { node, delegator: account }))),
    Promise.all(thaws.map(({ node, thawId }) => getThaw(client, { node, thawId, delegator: account }))),
  ]);
  const delegated = nodes.map((node, i) => ({ node, amount: amounts[i]?.amount ?? 0n }));
  return {
    delegated: delegated.filter(({ amount }) => amount > 0n),
    thawing: thaws.map((thaw, i) => ({ ...thaw, worth: worths[i]?.amount ?? 0n })),
  };
}
