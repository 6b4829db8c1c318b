import type { ReactNode } from "react";
import { Link } from "wouter";

import { type JobSummary, jobsOf, stateTone } from "../../entities/jobs.ts";
import { nameOfVersion } from "../../entities/names.ts";
import type { EventIndex } from "../../history/EventIndex.ts";
import { useEntities, useHistory } from "../../history/useHistory.ts";
import { Amount } from "../../parts/Amount.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Section } from "../../parts/Section.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";

const columnsOf = (index: EventIndex): readonly Column<JobSummary>[] => [
  { key: "job", title: "Job", render: ({ id }) => <Hash value={id} to={to.job(id)} /> },
  {
    key: "version",
    title: "Version",
    render: ({ versionId }) => (
      <Link href={to.version(versionId)}>
        <ForeignText text={nameOfVersion(index, versionId)} />
      </Link>
    ),
  },
  {
    key: "state",
    title: "State",
    render: ({ state }) => <Badge tone={stateTone(state)}>{state}</Badge>,
    sort: ({ state }) => state,
  },
  {
    key: "ordered",
    title: "Ordered",
    render: ({ orderedAt, tx }) => <Time at={orderedAt} tx={tx} />,
    sort: ({ orderedAt }) => orderedAt,
  },
  {
    key: "escrow",
    title: "Escrow",
    align: "end",
    render: ({ escrow, tx }) => <Amount value={escrow} tx={tx} />,
    sort: ({ escrow }) => escrow,
  },
];

/** The jobs that an account has ordered. */
export function OwnJobs({ account }: { readonly account: string }): ReactNode {
  const { index } = useHistory();
  const mine = account.toLowerCase();
  const jobs = useEntities(jobsOf).filter(({ requester }) => requester.toLowerCase() === mine);
  return (
    <Section title="Your jobs">
      <DataTable
        caption="Jobs that this account has ordered"
        columns={columnsOf(index)}
        rows={jobs}
        rowKey={({ id }) => id}
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
