import { type ReactNode, useMemo, useState } from "react";

import { jobsOf } from "../../entities/jobs.ts";
import { useEntities, useHistory } from "../../history/useHistory.ts";
import { Loading } from "../../parts/Loading.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { ALL_JOBS, filterJobs } from "./filter.ts";
import { JobFilters } from "./JobFilters.tsx";
import { JobsTable } from "./JobsTable.tsx";

const LEAD =
  "Whatever was ordered in either market: of several nodes that are drawn and must agree, or of one node that anybody can prove wrong.";

/** All jobs of both markets. */
export default function JobsPage(): ReactNode {
  const jobs = useEntities(jobsOf);
  const { index, isComplete } = useHistory();
  const [filter, setFilter] = useState(ALL_JOBS);
  const shown = useMemo(() => filterJobs(index, jobs, filter), [index, jobs, filter]);
  if (jobs.length === 0 && !isComplete) {
    return (
      <Page title="Jobs" lead={LEAD}>
        <Loading what="jobs" />
      </Page>
    );
  }
  return (
    <Page title="Jobs" lead={LEAD}>
      <Section title="All jobs">
        <JobFilters filter={filter} setFilter={setFilter} />
        <p role="status">
          {shown.length.toLocaleString("en")} of {jobs.length.toLocaleString("en")} jobs, newest first.
        </p>
        <JobsTable
          jobs={shown}
          empty={jobs.length === 0 ? "Nothing was ordered yet." : "No job is like that. Choose less."}
        />
      </Section>
    </Page>
  );
}
