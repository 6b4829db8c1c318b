import type { ReactNode } from "react";
import { Link } from "wouter";

import { jobsOf } from "../../entities/jobs.ts";
import { sameId } from "../../entities/sameId.ts";
import { useEntities } from "../../history/useHistory.ts";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { JobsTable } from "../jobs/JobsTable.tsx";

/** The jobs that an account has ordered. */
export function OwnJobs({ account }: { readonly account: string }): ReactNode {
  const jobs = useEntities(jobsOf).filter(({ requester }) => sameId(requester, account));
  return (
    <Section title="Your jobs">
      <JobsTable
        jobs={jobs}
        pageSize={10}
        empty={
          <>
            This account has ordered nothing yet. <Link href={to.playground()}>Order something in the playground.</Link>
          </>
        }
      />
    </Section>
  );
}
