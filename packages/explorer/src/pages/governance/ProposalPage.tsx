import "./governance.css";

import { getProposal } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { proposalOf, type ProposalSummary } from "../../entities/proposals.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useRead } from "../../network/useRead.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { Found } from "../../parts/Found.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { Time } from "../../parts/Time.tsx";
import { CallView } from "./CallView.tsx";
import { NextClock } from "./NextClock.tsx";
import { ProposalActions } from "./ProposalActions.tsx";
import { ProposalState } from "./ProposalState.tsx";
import { titleOf } from "./titleOf.ts";
import { Votes } from "./Votes.tsx";

/** One proposal: what it would do, how it stands, and what can be done with it. */
export default function ProposalPage({ params }: { readonly params: { readonly id: string } }): ReactNode {
  const { index } = useHistory();
  return (
    <Found value={proposalOf(index, params.id)} what="proposal" id={params.id}>
      {(proposal) => <Shown proposal={proposal} />}
    </Found>
  );
}

function Shown({ proposal }: { readonly proposal: ProposalSummary }): ReactNode {
  return (
    <Page title={<ForeignText text={titleOf(proposal.description)} max={120} />} windowTitle="Proposal">
      <Section title="State">
        <State proposal={proposal} />
      </Section>
      <Section title="Act">
        <ProposalActions proposal={proposal} />
      </Section>
      <Section title="Votes">
        <Votes proposal={proposal} />
      </Section>
      <Section title="Calls">
        <p>The timelock makes these calls, in this order and all or none, once the proposal is executed.</p>
        {proposal.calls.map((call, i) => (
          <CallView key={i} call={call} />
        ))}
      </Section>
      <Section title="Description">
        <p>In the words of who proposed it:</p>
        {linesOf(proposal.description).map((line, i) => (
          <p key={i} className="description-line">
            <ForeignText text={line} max={2_000} />
          </p>
        ))}
      </Section>
    </Page>
  );
}

/** A description has lines; longer ones are cut there, so that nobody floods the page. */
const linesOf = (description: string): readonly string[] =>
  description
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(0, 200);

function State({ proposal }: { readonly proposal: ProposalSummary }): ReactNode {
  const { id, proposer, created, voteStartsAt, voteEndsAt, isExtended, queued, executed, canceled } = proposal;
  const said = useRead(["proposal", id], (client) => getProposal(client, { proposalId: BigInt(id) }));
  return (
    <Facts
      items={[
        ["State", <ProposalState key="state" proposal={proposal} />],
        ["Next", <NextClock key="next" proposal={proposal} />],
        ["State that the contract tells", said.data?.state],
        ["Proposed by", <AddressLink key="proposer" address={proposer} />],
        ["Proposed", <Time key="created" at={created.at} tx={created.tx} />],
        ["Vote begins", <Time key="start" at={voteStartsAt} />],
        [
          "Vote ends",
          <>
            <Time at={voteEndsAt} />
            {isExtended && " (later than proposed: the quorum was reached late)"}
          </>,
        ],
        ["Queued", queued && <Time at={queued.at} tx={queued.tx} />],
        ["Can be executed from", queued && <Time at={queued.executableAt} />],
        ["Executed", executed && <Time at={executed.at} tx={executed.tx} />],
        ["Canceled", canceled && <Time at={canceled.at} tx={canceled.tx} />],
      ]}
    />
  );
}
