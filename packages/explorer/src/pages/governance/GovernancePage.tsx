import "./governance.css";

import type { ReactNode } from "react";
import { Link } from "wouter";

import { controlOf } from "../../entities/roles.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useNetwork } from "../../network/context.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { DelegateVotes } from "./DelegateVotes.tsx";
import { Parameters } from "./Parameters.tsx";
import { Pauses } from "./Pauses.tsx";
import { ProposalsTable } from "./ProposalsTable.tsx";
import { TimelockQueue } from "./TimelockQueue.tsx";

/** What is voted on, what waits, what is paused, and which numbers can move how far. */
export default function GovernancePage(): ReactNode {
  return (
    <Page title="Governance" lead={<Control />}>
      <Section title="Proposals">
        <ProposalsTable />
      </Section>
      <Section title="Timelock">
        <TimelockQueue />
      </Section>
      <Section title="Pause">
        <Pauses />
      </Section>
      <Section title="Your votes">
        <DelegateVotes />
      </Section>
      <Section title="Parameters">
        <Parameters />
      </Section>
    </Page>
  );
}

function Control(): ReactNode {
  const { index, isComplete } = useHistory();
  const { client } = useNetwork();
  if (!isComplete) return null;
  return controlOf(index, client.addresses.timelock) === "votes"
    ? "Those who hold OPG control this deployment: the timelock alone is its admin, and does what was voted for."
    : [
        "Control was not handed over to votes: other accounts than the timelock can set parameters. See the roles on the ",
        <Link key="network" href={to.network()}>
          network page
        </Link>,
        ".",
      ];
}
