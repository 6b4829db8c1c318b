import type { Tensor } from "@opg-protocol/sdk";
import { type ReactNode, useMemo, useState } from "react";

import { useNetwork } from "../network/context.tsx";
import { type Read, useRead } from "../network/useRead.ts";
import { Section } from "../parts/Section.tsx";
import { nodeUrlsOf } from "../verify/nodeUrls.ts";
import { type ChosenTerms, firstChoice, type OrderLimits, termsOf } from "./choice.ts";
import CodeSamples from "./CodeSamples.tsx";
import InputSection from "./InputSection.tsx";
import type { OfferedVersion } from "./offered.ts";
import OrderPanel from "./OrderPanel.tsx";
import { type ShownQuote, useQuote } from "./Quote.tsx";
import RunHere from "./RunHere.tsx";

interface Props {
  readonly offered: OfferedVersion;
  readonly limits: OrderLimits;
}

/** One version: its input, an order of it, a run here, and code. */
export default function Playground({ offered, limits }: Props): ReactNode {
  const { version, drawn, alone } = offered;
  const { inputs } = version.identity;
  const [made, setMade] = useState<readonly (Tensor | undefined)[]>([]);
  const [choice, setChoice] = useState(() => firstChoice(limits, { drawn: drawn.length, alone }));
  const tensors = useMemo(() => allOf(made, inputs.length), [made, inputs.length]);
  const chosen = useMemo(() => termsOf(choice, version.versionId, limits), [choice, version.versionId, limits]);
  const quote = useQuote(chosen);
  return (
    <>
      <Section title="Input">
        <InputSection version={version} tensors={made} onTensors={setMade} />
      </Section>
      <div className="columns">
        <Section title="Have it answered">
          <OrderPanel
            offered={offered}
            limits={limits}
            choice={choice}
            onChange={setChoice}
            chosen={chosen}
            quote={quote}
            tensors={tensors}
          />
        </Section>
        <Section title="Run it here">
          <RunHere version={version} tensors={tensors} />
        </Section>
      </div>
      {chosen !== undefined && (
        <Section title="The same in code">
          <Code offered={offered} chosen={chosen} quote={quote} tensors={tensors} />
        </Section>
      )}
    </>
  );
}

/** All inputs; undefined as long as one is missing. */
function allOf(made: readonly (Tensor | undefined)[], count: number): readonly Tensor[] | undefined {
  const there = made.filter((tensor) => tensor !== undefined);
  return there.length === count ? there : undefined;
}

interface CodeProps {
  readonly offered: OfferedVersion;
  readonly chosen: ChosenTerms;
  readonly quote: Read<ShownQuote>;
  readonly tensors: readonly Tensor[] | undefined;
}

function Code({ offered, chosen, quote, tensors }: CodeProps): ReactNode {
  const { config } = useNetwork();
  const { version, drawn, alone } = offered;
  const [node] = [...alone, ...drawn];
  const { versionId } = version;
  const { data: urls } = useRead(
    ["playground node", node, versionId],
    (client) => nodeUrlsOf(client, { nodes: node === undefined ? [] : [node], versionId }),
    { once: true, enabled: node !== undefined },
  );
  const { chainId, startBlock, addresses } = config.deployment;
  return (
    <CodeSamples
      subject={{
        chainId,
        startBlock,
        addresses,
        rpcUrl: config.rpcUrl,
        versionId,
        chosen,
        tensors,
        inputs: version.identity.inputs,
        quoted: quote.data,
        nodeUrl: urls?.[0]?.url,
      }}
    />
  );
}
