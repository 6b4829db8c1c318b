import { lazy, type ReactNode, Suspense, useCallback } from "react";
import { Link } from "wouter";

import { jobOf, type JobView, STATE_TEXT, stateTone } from "../../entities/jobs.ts";
import { nameOfVersion } from "../../entities/names.ts";
import type { EventIndex } from "../../history/EventIndex.ts";
import { useEntities, useHistory } from "../../history/useHistory.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { shortHash } from "../../parts/format.ts";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Loading } from "../../parts/Loading.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { AnswersTable } from "./AnswersTable.tsx";
import { ChallengeSection } from "./ChallengeSection.tsx";
import { JobFacts } from "./JobFacts.tsx";
import { JobMoney } from "./JobMoney.tsx";
import { JobTimeline } from "./JobTimeline.tsx";
import { NextSection } from "./NextSection.tsx";

const VerifyPanel = lazy(() => import("../../verify/VerifyPanel.tsx"));

interface Props {
  readonly params: { readonly id: string };
}

/** One job: what was ordered, what has happened, what comes next, and where the money went. */
export default function JobPage({ params: { id } }: Props): ReactNode {
  const fold = useCallback((index: EventIndex) => jobOf(index, id), [id]);
  const view = useEntities(fold);
  return (
    <Page title={`Job ${shortHash(view?.summary.id ?? id)}`} lead={view && <Lead view={view} />}>
      {view === undefined ? <Missing id={id} /> : <Body key={view.summary.id} view={view} />}
    </Page>
  );
}

function Lead({ view: { summary } }: { readonly view: JobView }): ReactNode {
  return (
    <p>
      <Badge tone={stateTone(summary.state)}>{summary.state}</Badge> {STATE_TEXT[summary.state]}
    </p>
  );
}

function Body({ view }: { readonly view: JobView }): ReactNode {
  const { index } = useHistory();
  const { summary } = view;
  return (
    <>
      <p>
        An order of{" "}
        <Link href={to.version(summary.versionId)}>
          <ForeignText text={nameOfVersion(index, summary.versionId)} max={80} />
        </Link>
        {" · "}
        <Link href={to.result(summary.id)}>Input and output</Link>
      </p>
      <NextSection view={view} />
      <Section title="What has happened">
        <JobTimeline view={view} />
      </Section>
      <Section title="Answers">
        <AnswersTable view={view} />
      </Section>
      <ChallengeSection view={view} />
      <Section title="Money">
        <JobMoney view={view} />
      </Section>
      <Section title="The order">
        <JobFacts view={view} />
      </Section>
      {view.statements.length > 0 && (
        <Suspense fallback={<Loading what="the verifier" />}>
          <VerifyPanel jobId={summary.id} />
        </Suspense>
      )}
    </>
  );
}

function Missing({ id }: { readonly id: string }): ReactNode {
  const { isComplete, error } = useHistory();
  if (isComplete) {
    return (
      <Empty>
        There is no job <ForeignText text={id} max={66} /> on this chain. Check the id and the network.
      </Empty>
    );
  }
  return error === undefined ? <Loading what="the job" /> : <Failure error={error} />;
}
