import { type ReactNode, useMemo, useState } from "react";

import { jobsOf } from "../../entities/jobs.ts";
import { useEntities, useHistory } from "../../history/useHistory.ts";
import { ListState } from "../../parts/ListState.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { ALL_JOBS, filterJobs } from "./filter.ts";
import { JobFilters } from "./JobFilters.tsx";
import { JobsTable } from "./JobsTable.tsx";

/** All jobs of both markets. */
export default function JobsPage(): ReactNode {
  const jobs = useEntities(jobsOf);
  const { index } = useHistory();
  const [filter, setFilter] = useState(ALL_JOBS);
  const shown = useMemo(() => filterJobs(index, jobs, filter), [index, jobs, filter]);
  return (
    <Page
      title="Jobs"
      lead="A job is an order to run a model on an input. Several nodes that are drawn must agree on the answer, or one node gives it and anybody can prove it wrong."
    >
      <ListState count={jobs.length} what="jobs">
        <Section title="All jobs">
          <JobFilters filter={filter} setFilter={setFilter} />
          <p role="status">
            {shown.length.toLocaleString("en")} of {jobs.length.toLocaleString("en")} jobs, newest first.
          </p>
          <JobsTable jobs={shown} empty={jobs.length === 0 ? undefined : "No job is like that. Choose less."} />
        </Section>
      </ListState>
    </Page>
  );
}
