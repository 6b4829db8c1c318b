import type { ReactNode } from "react";
import { Link } from "wouter";

import { nodesOf } from "../../entities/stakes.ts";
import { sumOf } from "../../entities/sumOf.ts";
import { useEntities } from "../../history/useHistory.ts";
import { useHead } from "../../network/context.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { opgNumber, Treemap } from "../../parts/charts/index.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { shortHash } from "../../parts/format.ts";
import { ListState } from "../../parts/ListState.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { NodesTable } from "./NodesTable.tsx";

/** All nodes of the deployment. */
export default function NodesPage(): ReactNode {
  const nodes = useEntities(nodesOf);
  const now = useHead()?.timestamp ?? 0;
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
              ["Own stake", <Amount key="own" value={sumOf(nodes.map(({ own }) => own))} />],
              ["Delegated stake", <Amount key="delegated" value={sumOf(nodes.map(({ delegated }) => delegated))} />],
              ["Thawing", <Amount key="thawing" value={sumOf(nodes.map(({ thawing }) => thawing))} />],
              ["Slashed so far", <Amount key="slashed" value={sumOf(nodes.map(({ slashed }) => slashed))} />],
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
