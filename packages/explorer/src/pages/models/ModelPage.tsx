import { type ReactNode, useMemo } from "react";

import { modelOf, type ModelView, royaltyOf } from "../../entities/models.ts";
import { type Use, useOfVersions } from "../../entities/usage.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useHead } from "../../network/context.tsx";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Found } from "../../parts/Found.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { Time } from "../../parts/Time.tsx";
import { AgreementText } from "./AgreementText.tsx";
import { Lookalikes } from "./Lookalikes.tsx";
import { Restriction } from "./Restriction.tsx";
import { Royalties } from "./Royalties.tsx";
import { Transfers } from "./Transfers.tsx";
import { UseChart } from "./UseChart.tsx";
import { VersionsTable } from "./VersionsTable.tsx";

/** One model: whose it is, what it costs, its versions and their use. */
export default function ModelPage({ params: { id } }: { readonly params: { readonly id: string } }): ReactNode {
  const { index } = useHistory();
  return (
    <Found value={modelOf(index, id)} what="model" id={id}>
      {(model) => <Shown model={model} />}
    </Found>
  );
}

function Shown({ model }: { readonly model: ModelView }): ReactNode {
  const { index } = useHistory();
  const use = useMemo(
    () =>
      useOfVersions(
        index,
        model.versions.map(({ versionId }) => versionId),
      ),
    [index, model],
  );
  return (
    <Page
      title={<ForeignText text={model.slug} max={64} />}
      windowTitle={model.slug}
      lead={
        <>
          A model of <AddressLink address={model.publisher} />
        </>
      }
    >
      <Lookalikes model={model} />
      <Section title="Overview">
        <Overview model={model} use={use} />
      </Section>
      <Section title="Versions">
        <VersionsTable versions={model.versions} />
      </Section>
      <Section title="Use over time">
        <UseChart use={use} />
      </Section>
      <Section title="Royalty">
        <Royalties model={model} />
      </Section>
      <Section title="Who may order">
        <Restriction model={model} />
      </Section>
      {model.transfers.length > 0 && (
        <Section title="Owners before">
          <Transfers transfers={model.transfers} />
        </Section>
      )}
    </Page>
  );
}

function Overview({ model, use }: { readonly model: ModelView; readonly use: Use }): ReactNode {
  const now = useHead()?.timestamp ?? 0;
  const { current } = royaltyOf(model, now);
  return (
    <Facts
      items={[
        ["Publisher", <AddressLink key="publisher" address={model.publisher} />],
        ["Owner now", <AddressLink key="owner" address={model.owner} />],
        ["Registered", <Time key="registered" at={model.registeredAt} tx={model.registeredTx} />],
        ["Id and token", <Hash key="id" value={model.modelId} />],
        ["Royalty now", current && <Amount key="royalty" value={current.value} tx={current.tx} />],
        ["Jobs", use.jobs.length.toLocaleString("en")],
        ["Sessions", use.sessions.length.toLocaleString("en")],
        ["Earned by owner", <Amount key="royalties" value={use.royalties} />],
        ["Earned by nodes", <Amount key="pay" value={use.pay} />],
        ["Agreement", <AgreementText key="agreement" agreement={use.agreement} />],
        ["Disputes", use.disputes.toLocaleString("en")],
      ]}
    />
  );
}
