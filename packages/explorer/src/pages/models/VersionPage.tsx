import { type ReactNode, useMemo } from "react";
import { Link } from "wouter";

import { modelOf } from "../../entities/models.ts";
import { nameOfVersion } from "../../entities/names.ts";
import { useOfVersion } from "../../entities/usage.ts";
import { versionOf, type VersionView } from "../../entities/versions.ts";
import { useHistory } from "../../history/useHistory.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Found } from "../../parts/Found.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { JobsTable } from "../jobs/JobsTable.tsx";
import { DeprecatedNote } from "./DeprecatedNote.tsx";
import { Latency } from "./Latency.tsx";
import { Lookalikes } from "./Lookalikes.tsx";
import { Places } from "./Places.tsx";
import { PriceChart } from "./PriceChart.tsx";
import { PriceQuotes } from "./PriceQuotes.tsx";
import { ServingNodes } from "./ServingNodes.tsx";
import { SignatureTable } from "./SignatureTable.tsx";
import { UseChart } from "./UseChart.tsx";
import { UseFacts } from "./UseFacts.tsx";
import { VersionFacts } from "./VersionFacts.tsx";

/** One version: what it is, what it costs, who serves it and how that went. */
export default function VersionPage({ params: { id } }: { readonly params: { readonly id: string } }): ReactNode {
  const { index } = useHistory();
  return (
    <Found value={versionOf(index, id)} what="version" id={id}>
      {(version) => <Shown version={version} />}
    </Found>
  );
}

function Shown({ version }: { readonly version: VersionView }): ReactNode {
  const { index } = useHistory();
  const { versionId, identity, modelId } = version;
  const model = modelOf(index, modelId);
  const name = nameOfVersion(index, versionId);
  const use = useMemo(() => useOfVersion(index, versionId), [index, versionId]);
  return (
    <Page
      title={<ForeignText text={name} />}
      windowTitle={name}
      lead={
        model && (
          <>
            A version of{" "}
            <Link href={to.model(modelId)}>
              <ForeignText text={model.slug} max={64} />
            </Link>
            , published by <AddressLink address={model.publisher} />
          </>
        )
      }
      actions={
        version.deprecation === undefined && (
          <Link className="button primary" href={to.playground(versionId)}>
            Try it
          </Link>
        )
      }
    >
      <DeprecatedNote version={version} />
      {model && <Lookalikes model={model} />}
      <Section title="Inputs and outputs">
        <SignatureTable identity={identity} />
      </Section>
      <Section title="Price">
        <PriceQuotes version={version} model={model} />
      </Section>
      <Section title="Use">
        <UseFacts use={use} />
        <UseChart use={use} />
      </Section>
      <Section title="Nodes that serve it">
        <ServingNodes versionId={versionId} />
      </Section>
      <Section title="What it is">
        <VersionFacts version={version} model={model} />
      </Section>
      <Section title="Where its artifact is">
        <Places version={version} />
      </Section>
      <Section title="Prices over time">
        <PriceChart versionId={versionId} jobs={use.jobs} />
      </Section>
      <Section title="Time to answer">
        <Latency jobs={use.jobs} />
      </Section>
      <Section title="Last jobs">
        <JobsTable jobs={use.jobs} pageSize={10} />
      </Section>
    </Page>
  );
}
