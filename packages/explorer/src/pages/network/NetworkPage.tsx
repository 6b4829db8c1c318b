import "../governance/governance.css";

import type { ReactNode } from "react";

import { chosenRpc } from "../../network/config.ts";
import { useNetwork } from "../../network/context.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { Contracts } from "./Contracts.tsx";
import { HistoryFacts } from "./HistoryFacts.tsx";
import { Roles } from "./Roles.tsx";
import { RpcForm } from "./RpcForm.tsx";

/** Which deployment the page shows, through whom it reads the chain, and who controls what. */
export default function NetworkPage(): ReactNode {
  const { config } = useNetwork();
  const { chainId } = config.deployment;
  return (
    <Page
      title="Network"
      lead="The page reads the chain through the RPC below, a server that follows the chain, and believes what it says. To be sure, use an RPC of your own."
    >
      <Section title="Chain">
        <Facts
          items={[
            ["Name", config.name],
            ["Chain id", chainId],
            [
              "RPC",
              <>
                <code className="address-text">{config.rpcUrl}</code>
                {chosenRpc(chainId) !== undefined && " (chosen by you)"}
              </>,
            ],
            ["Block explorer", <BlockExplorer key="explorer" />],
            ["Indexer", config.indexer === undefined ? "none" : <code key="indexer">{config.indexer}</code>],
            ["Blocks in a request for events", config.logRange.toLocaleString("en")],
          ]}
        />
        <RpcForm />
      </Section>
      <Section title="History">
        <HistoryFacts />
      </Section>
      <Section title="Contracts">
        <Contracts />
      </Section>
      <Section title="Roles">
        <Roles />
      </Section>
    </Page>
  );
}

function BlockExplorer(): ReactNode {
  const { config } = useNetwork();
  if (config.blockExplorer === undefined) return "none";
  return (
    <a href={config.blockExplorer} target="_blank" rel="noreferrer">
      {new URL(config.blockExplorer).host}
    </a>
  );
}
