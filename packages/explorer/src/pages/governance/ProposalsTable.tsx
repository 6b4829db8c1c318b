import type { ReactNode } from "react";
import { Link } from "wouter";

import { proposalsOf, type ProposalSummary } from "../../entities/proposals.ts";
import { useEntities } from "../../history/useHistory.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { ListState } from "../../parts/ListState.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";
import { NextClock } from "./NextClock.tsx";
import { ProposalState } from "./ProposalState.tsx";
import { titleOf } from "./titleOf.ts";

const COLUMNS: readonly Column<ProposalSummary>[] = [
  {
    key: "title",
    title: "Proposal",
    render: ({ id, description }) => (
      <Link href={to.proposal(id)}>
        <ForeignText text={titleOf(description)} max={45} />
      </Link>
    ),
  },
  { key: "state", title: "State", render: (proposal) => <ProposalState proposal={proposal} /> },
  { key: "next", title: "Next", render: (proposal) => <NextClock proposal={proposal} /> },
  {
    key: "for",
    title: "For",
    align: "end",
    render: ({ tally }) => <Amount value={tally.for} />,
    sort: ({ tally }) => tally.for,
  },
  {
    key: "against",
    title: "Against",
    align: "end",
    render: ({ tally }) => <Amount value={tally.against} />,
    sort: ({ tally }) => tally.against,
  },
  { key: "proposer", title: "Proposed by", render: ({ proposer }) => <AddressLink address={proposer} /> },
  {
    key: "created",
    title: "Proposed",
    render: ({ created }) => <Time at={created.at} tx={created.tx} />,
    sort: ({ created }) => created.at,
  },
];

/** All proposals, newest first. */
export function ProposalsTable(): ReactNode {
  const proposals = useEntities(proposalsOf);
  return (
    <ListState count={proposals.length} what="proposals">
      <DataTable
        caption="All proposals"
        columns={COLUMNS}
        rows={proposals}
        rowKey={({ id }) => id}
        empty="Nobody has proposed anything yet. Who holds enough votes can, with the SDK’s propose."
      />
    </ListState>
  );
}
