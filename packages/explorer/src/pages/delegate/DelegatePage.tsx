import { getStakingTerms } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { nodesOf } from "../../entities/stakes.ts";
import { sameId } from "../../entities/sameId.ts";
import { useEntities, useHistory } from "../../history/useHistory.ts";
import { useRead } from "../../network/useRead.ts";
import { Async } from "../../parts/Async.tsx";
import { Duration } from "../../parts/Duration.tsx";
import { ListState } from "../../parts/ListState.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { Comparison } from "./Comparison.tsx";
import { NodeDelegation } from "./NodeDelegation.tsx";
import { OwnDelegations } from "./OwnDelegations.tsx";

/** Compares nodes for those who want to delegate, and lets them: to the node of the address, if it names one. */
export default function DelegatePage({ params: { id } }: { readonly params: { readonly id: string } }): ReactNode {
  const nodes = useEntities(nodesOf);
  const { isComplete } = useHistory();
  const terms = useRead(["staking terms"], getStakingTerms);
  const chosen = nodes.find(({ address }) => sameId(address, id));
  return (
    <Page
      title="Delegate"
      lead="Put OPG behind a node: it earns a part of what the node earns. If the node lies, it can be lost, after the node’s own stake."
    >
      <Async read={terms} what="the rules of staking">
        {(rules) => (
          <>
            <p className="note">
              Stake that you take out thaws for{" "}
              <strong>
                <Duration seconds={rules.thawPeriod} />
              </strong>{" "}
              before you can withdraw it. All that time it earns nothing, and a slash still reaches it.
            </p>
            {chosen !== undefined && <NodeDelegation key={chosen.address} node={chosen} terms={rules} />}
            {chosen === undefined && id !== "" && isComplete && (
              <p className="note bad">No node has this address: choose one below.</p>
            )}
            <OwnDelegations />
            <ListState count={nodes.length} what="nodes">
              <Section title="Compare nodes">
                <Comparison nodes={nodes} terms={rules} />
              </Section>
            </ListState>
          </>
        )}
      </Async>
    </Page>
  );
}
