import { type ReactNode, useMemo } from "react";
import { Link } from "wouter";

import { delegationsOfAccount, type OwnDelegation } from "../../entities/nodeView.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useHead } from "../../network/context.tsx";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { Clock } from "../../parts/Clock.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { shortHash } from "../../parts/format.ts";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { useWallet } from "../../wallet/useWallet.ts";

const COLUMNS: readonly Column<OwnDelegation>[] = [
  { key: "node", title: "Node", render: ({ node }) => <AddressLink address={node.address} /> },
  {
    key: "worth",
    title: "Worth now",
    align: "end",
    render: ({ standing }) => <Amount value={standing?.worth ?? 0n} />,
    sort: ({ standing }) => standing?.worth ?? 0n,
  },
  {
    key: "in",
    title: "Put in so far",
    align: "end",
    render: ({ standing }) => <Amount value={standing?.paidIn ?? 0n} />,
  },
  {
    key: "gain",
    title: "Earned or lost so far",
    align: "end",
    render: ({ gain }) => <Amount value={gain} signed />,
    sort: ({ gain }) => gain,
  },
  {
    key: "thaws",
    title: "Thawing",
    render: ({ thaws }) =>
      thaws.length === 0
        ? "–"
        : thaws.map(({ id, worth, endsAt, tx }) => (
            <div key={id.toString()}>
              <Amount value={worth} tx={tx} />, <Ready at={endsAt} />
            </div>
          )),
  },
  {
    key: "go",
    title: "Action",
    render: ({ node }) => (
      <Link
        className="button"
        href={to.delegate(node.address)}
        aria-label={`Change your stake with ${shortHash(node.address)}`}
      >
        Change
      </Link>
    ),
  },
];

/** When stake that thaws can be withdrawn. */
function Ready({ at }: { readonly at: number }): ReactNode {
  const now = useHead()?.timestamp ?? 0;
  return at <= now ? <Badge tone="good">can be withdrawn</Badge> : <Clock label="ready" until={at} />;
}

/** Where the connected account has delegated. */
export function OwnDelegations(): ReactNode {
  const { index } = useHistory();
  const { account } = useWallet();
  const own = useMemo(() => (account === undefined ? [] : delegationsOfAccount(index, account)), [index, account]);
  if (account === undefined) return null;
  return (
    <Section title="Your delegations">
      <DataTable
        caption="Nodes with stake of yours"
        columns={COLUMNS}
        rows={own}
        rowKey={({ node }) => node.address}
        empty={
          <>
            You have delegated nothing yet. <Link href={to.delegate()}>Compare nodes.</Link>
          </>
        }
      />
    </Section>
  );
}
