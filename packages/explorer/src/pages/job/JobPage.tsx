import { lazy, type ReactNode, Suspense, useMemo } from "react";
import { Link } from "wouter";

import { jobOf, type JobView, STATE_TEXT, stateTone } from "../../entities/jobs.ts";
import { nameOfVersion } from "../../entities/names.ts";
import { useHistory } from "../../history/useHistory.ts";
import { Badge } from "../../parts/Badge.tsx";
import { shortHash } from "../../parts/format.ts";
import { Found } from "../../parts/Found.tsx";
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
  const { index } = useHistory();
  const found = useMemo(() => jobOf(index, id), [index, id]);
  return (
    <Found value={found} what="job" id={id}>
      {(view) => (
        <Page key={view.summary.id} title={`Job ${shortHash(view.summary.id)}`} lead={<Lead view={view} />}>
          <Body view={view} />
        </Page>
      )}
    </Found>
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
