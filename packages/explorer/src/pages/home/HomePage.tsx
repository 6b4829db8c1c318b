import type { ReactNode } from "react";
import { Link } from "wouter";

import { jobsOf } from "../../entities/jobs.ts";
import { useEntities } from "../../history/useHistory.ts";
import { useNetwork } from "../../network/context.tsx";
import { ListState } from "../../parts/ListState.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { JobsTable } from "../jobs/JobsTable.tsx";
import { JobsPerHour } from "./JobsPerHour.tsx";
import { NetworkFacts } from "./NetworkFacts.tsx";
import { SearchBox } from "./SearchBox.tsx";
import { StakeMap } from "./StakeMap.tsx";

const LATEST = 10;

/** The way in: a search, and how the network is. */
export default function HomePage(): ReactNode {
  const { config } = useNetwork();
  return (
    <Page
      title={`OPG Protocol on ${config.name}`}
      windowTitle={config.name}
      lead="Nodes run AI models for pay, and anybody can prove a wrong answer wrong on chain. Here is every job, answer and payment, read from the chain by your own browser."
      actions={<Begin />}
    >
      <SearchBox />
      <Section title="The network">
        <NetworkFacts />
      </Section>
      <Section title="Latest jobs">
        <LatestJobs />
      </Section>
      <div className="columns">
        <Section title="Jobs per hour">
          <JobsPerHour />
        </Section>
        <Section title="Stake">
          <StakeMap />
        </Section>
      </div>
    </Page>
  );
}

/** Where somebody new can begin. */
function Begin(): ReactNode {
  const [job] = useEntities(jobsOf);
  return (
    <>
      <Link className="button primary" href={to.playground()}>
        Try a model
      </Link>
      {job !== undefined && (
        <Link className="button" href={to.job(job.id)}>
          See a job
        </Link>
      )}
    </>
  );
}

function LatestJobs(): ReactNode {
  const jobs = useEntities(jobsOf);
  return (
    <ListState count={jobs.length} what="jobs">
      <JobsTable jobs={jobs.slice(0, LATEST)} />
      {jobs.length > LATEST && (
        <p>
          <Link href={to.jobs()}>All {jobs.length.toLocaleString("en")} jobs</Link>
        </p>
      )}
    </ListState>
  );
}
