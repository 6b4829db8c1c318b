import type { ReactNode } from "react";
import { Link } from "wouter";

import { nodesOf } from "../../entities/stakes.ts";
import { useEntities } from "../../history/useHistory.ts";
import { useHead } from "../../network/context.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { opgNumber, Treemap } from "../../parts/charts/index.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { shortHash } from "../../parts/format.ts";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { ListState } from "../models/ListState.tsx";
import { NodesTable } from "./NodesTable.tsx";

/** All nodes of the deployment. */
export default function NodesPage(): ReactNode {
  const nodes = useEntities(nodesOf);
  const now = useHead()?.timestamp ?? 0;
  const sum = (amount: (node: (typeof nodes)[number]) => bigint) =>
    nodes.reduce((total, node) => total + amount(node), 0n);
  return (
    <Page
      title="Nodes"
      lead="Nodes run models and answer with their stake for what they state. Own stake is lost first, then delegated stake."
      actions={
        <Link className="button" href={to.delegate()}>
          Compare for delegation
        </Link>
      }
    >
      <ListState count={nodes.length} what="nodes">
        <Section title="Stake">
          <Facts
            items={[
              ["Nodes", nodes.length.toLocaleString("en")],
              ["Own stake", <Amount key="own" value={sum(({ own }) => own)} />],
              ["Delegated stake", <Amount key="delegated" value={sum(({ delegated }) => delegated)} />],
              ["Thawing", <Amount key="thawing" value={sum(({ thawing }) => thawing)} />],
              ["Slashed so far", <Amount key="slashed" value={sum(({ slashed }) => slashed)} />],
            ]}
          />
          {nodes.length > 0 && (
            <Treemap
              title="Bonded stake by node, own and delegated"
              unit="OPG"
              items={nodes.map(({ address, own, delegated }) => ({
                label: shortHash(address),
                value: opgNumber(own + delegated),
                to: to.node(address),
              }))}
            />
          )}
        </Section>
        <Section title="All nodes">
          <NodesTable nodes={nodes} now={now} />
        </Section>
      </ListState>
    </Page>
  );
}
