import "../../playground/playground.css";

import { type ReactNode, useEffect, useMemo } from "react";
import { Link, useLocation } from "wouter";

import { useHistory } from "../../history/useHistory.ts";
import { useHead } from "../../network/context.tsx";
import { Async } from "../../parts/Async.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { visibleText } from "../../parts/foreign.ts";
import { shortHash } from "../../parts/format.ts";
import { Loading } from "../../parts/Loading.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { type OfferedVersion, offeredVersions } from "../../playground/offered.ts";
import Playground from "../../playground/Playground.tsx";
import { useOrderLimits } from "../../playground/useOrderLimits.ts";
import { to } from "../../routes.ts";
import { SelectField } from "../../wallet/SelectField.tsx";

/** Try a model: make an input, see the price, order, or run it here. */
export default function PlaygroundPage({ params }: { readonly params: { readonly id: string } }): ReactNode {
  const { index, isComplete } = useHistory();
  const time = useHead()?.timestamp;
  const versions = useMemo(() => (time === undefined ? [] : offeredVersions(index, time)), [index, time]);
  // The router gives an empty text where the address names no version.
  const id = params.id === "" ? undefined : params.id.toLowerCase();
  const offered = versions.find(({ version }) => version.versionId === id);
  // The address names the version from then on, so that another one that comes up does not take its place.
  const [, navigate] = useLocation();
  const first = id === undefined && isComplete ? versions[0]?.version.versionId : undefined;
  useEffect(() => {
    if (first !== undefined) navigate(to.playground(first), { replace: true });
  }, [first, navigate]);
  return (
    <Page
      title="Playground"
      lead="Make an input for a model, see what an answer costs, and order it from a wallet. Nothing is asked of a wallet before you press a button."
    >
      {offered !== undefined ? (
        <Chosen versions={versions} offered={offered} />
      ) : !isComplete || first !== undefined ? (
        <Loading what="the versions on offer" />
      ) : id === undefined ? (
        <Empty>No version takes orders here yet.</Empty>
      ) : (
        <Empty>
          There is no such version, or it takes no orders any more. <Link href={to.playground()}>See the others</Link>.
        </Empty>
      )}
    </Page>
  );
}

interface ChosenProps {
  readonly versions: readonly OfferedVersion[];
  readonly offered: OfferedVersion;
}

function Chosen({ versions, offered }: ChosenProps): ReactNode {
  const [, navigate] = useLocation();
  const limits = useOrderLimits();
  const { versionId } = offered.version;
  const isServed = offered.drawn.length + offered.alone.length > 0;
  return (
    <>
      <Section title="Version">
        <SelectField
          label="Model and version"
          value={versionId}
          onChange={(id) => {
            navigate(to.playground(id));
          }}
          options={versions.map((each) => ({ value: each.version.versionId, label: labelOf(each) }))}
        />
        <p>
          <Link href={to.version(versionId)}>About this version</Link>
        </p>
        {!isServed && (
          <p className="note bad">No node serves this version now: an order of it would not be answered.</p>
        )}
      </Section>
      <Async read={limits} what="what orders may say">
        {(read) => <Playground key={versionId} offered={offered} limits={read} />}
      </Async>
    </>
  );
}

/** Slugs are of whoever registered them, so the id is beside it. */
function labelOf({ name, version, drawn, alone }: OfferedVersion): string {
  const served = [drawn.length > 0 && `${drawn.length} for draws`, alone.length > 0 && `${alone.length} alone`].filter(
    (part) => part !== false,
  );
  const who = served.length === 0 ? "no node" : `nodes: ${served.join(", ")}`;
  return `${visibleText(name)} (${shortHash(version.versionId)}), ${who}`;
}
