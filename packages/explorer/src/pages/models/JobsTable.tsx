import type { ReactNode } from "react";

import { type JobSummary, stateTone } from "../../entities/jobs.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";

const COLUMNS: readonly Column<JobSummary>[] = [
  { key: "job", title: "Job", render: ({ id }) => <Hash value={id} to={to.job(id)} /> },
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
  { key: "requester", title: "Requester", render: ({ requester }) => <AddressLink address={requester} /> },
  {
    key: "price",
    title: "Price of an answer",
    align: "end",
    render: ({ price, tx }) => <Amount value={price} tx={tx} />,
    sort: ({ price }) => price,
  },
];

/** The jobs of a version or a node, newest first. */
export function JobsTable({ jobs }: { readonly jobs: readonly JobSummary[] }): ReactNode {
  return (
    <DataTable
      caption="Jobs"
      columns={COLUMNS}
      rows={jobs}
      rowKey={({ id }) => id}
      empty="Nothing was ordered yet."
      pageSize={10}
    />
  );
}
