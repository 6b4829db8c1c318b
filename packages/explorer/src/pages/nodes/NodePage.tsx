import { type ReactNode, useMemo } from "react";
import { Link } from "wouter";

import { nodeOf, type NodeSummary } from "../../entities/stakes.ts";
import { jobsOfNode } from "../../entities/usage.ts";
import { sameId } from "../../entities/sameId.ts";
import { useHistory } from "../../history/useHistory.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Found } from "../../parts/Found.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { useWallet } from "../../wallet/useWallet.ts";
import { JobsTable } from "../jobs/JobsTable.tsx";
import { Delegators } from "./Delegators.tsx";
import { Earnings } from "./Earnings.tsx";
import { Locks } from "./Locks.tsx";
import { NodeFacts } from "./NodeFacts.tsx";
import { OwnerActions } from "./OwnerActions.tsx";
import { Slashes } from "./Slashes.tsx";
import { StakeChart } from "./StakeChart.tsx";
import { Thaws } from "./Thaws.tsx";
import { VersionsServed } from "./VersionsServed.tsx";
import { WorkFacts } from "./WorkFacts.tsx";

/** One node: its stake, what it serves, and how it did. */
export default function NodePage({ params: { id } }: { readonly params: { readonly id: string } }): ReactNode {
  const { index } = useHistory();
  return (
    <Found value={nodeOf(index, id)} what="node" id={id}>
      {(node) => <Shown node={node} />}
    </Found>
  );
}

function Shown({ node }: { readonly node: NodeSummary }): ReactNode {
  const { index } = useHistory();
  const { account } = useWallet();
  const { address, owner } = node;
  const jobs = useMemo(() => jobsOfNode(index, address), [index, address]);
  return (
    <Page
      title={
        <>
          Node <Hash value={address} />
        </>
      }
      windowTitle={`Node ${address}`}
      lead={
        <>
          Owned by <AddressLink address={owner} />
        </>
      }
      actions={
        <Link className="button primary" href={to.delegate(address)}>
          Delegate to it
        </Link>
      }
    >
      <Section title="Overview">
        <NodeFacts node={node} />
      </Section>
      {sameId(owner, account) && (
        <Section title="Your node's stake">
          <OwnerActions node={node} />
        </Section>
      )}
      <Section title="Stake over time">
        <StakeChart address={address} />
      </Section>
      <Section title="Versions it serves">
        <VersionsServed node={node} />
      </Section>
      <Section title="Locks">
        <Locks address={address} />
      </Section>
      <Section title="Stake that thaws">
        <Thaws node={node} />
      </Section>
      <Section title="Delegators">
        <Delegators node={node} />
      </Section>
      <Section title="Earnings">
        <Earnings node={node} />
      </Section>
      <Section title="Slashes">
        <Slashes address={address} />
      </Section>
      <Section title="Work">
        <WorkFacts address={address} jobs={jobs} />
        <JobsTable jobs={jobs} pageSize={10} />
      </Section>
    </Page>
  );
}
