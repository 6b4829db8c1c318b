import type { ReactNode } from "react";
import { Link } from "wouter";

import { jobsOf } from "../../entities/jobs.ts";
import { useEntities, useHistory } from "../../history/useHistory.ts";
import { useNetwork } from "../../network/context.tsx";
import { Loading } from "../../parts/Loading.tsx";
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
      lead="Every job, every answer and every payment, read from the chain by your own browser. What a node has answered you can compute again here."
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

function LatestJobs(): ReactNode {
  const jobs = useEntities(jobsOf);
  const { isComplete } = useHistory();
  if (jobs.length === 0 && !isComplete) return <Loading what="jobs" />;
  return (
    <>
      <JobsTable jobs={jobs.slice(0, LATEST)} empty="Nothing was ordered yet." />
      {jobs.length > LATEST && (
        <p>
          <Link href={to.jobs()}>All {jobs.length.toLocaleString("en")} jobs</Link>
        </p>
      )}
    </>
  );
}
