import type { ReactNode } from "react";
import { Link } from "wouter";

import { type JobSummary, STATE_TEXT, stateTone } from "../../entities/jobs.ts";
import { nameOfVersion } from "../../entities/names.ts";
import type { EventIndex } from "../../history/EventIndex.ts";
import { useHistory } from "../../history/useHistory.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";

interface Props {
  readonly jobs: readonly JobSummary[];
  /** Shown where there is no job. */
  readonly empty?: ReactNode;
  readonly pageSize?: number;
}

/** Jobs of both markets. */
export function JobsTable({ jobs, empty = "Nothing was ordered yet.", pageSize = 25 }: Props): ReactNode {
  const { index } = useHistory();
  return (
    <DataTable
      caption="Jobs"
      columns={columnsOf(index)}
      rows={jobs}
      rowKey={({ id }) => id}
      empty={empty}
      pageSize={pageSize}
    />
  );
}

const columnsOf = (index: EventIndex): readonly Column<JobSummary>[] => [
  { key: "job", title: "Job", render: ({ id }) => <Hash value={id} to={to.job(id)} /> },
  {
    key: "state",
    title: "State",
    render: ({ state }) => (
      <span title={STATE_TEXT[state]}>
        <Badge tone={stateTone(state)}>{state}</Badge>
      </span>
    ),
    sort: ({ state }) => state,
  },
  {
    key: "version",
    title: "Version",
    render: ({ versionId }) => (
      <Link href={to.version(versionId)}>
        <ForeignText text={nameOfVersion(index, versionId)} max={40} />
      </Link>
    ),
    sort: ({ versionId }) => nameOfVersion(index, versionId),
  },
  { key: "requester", title: "Requester", render: ({ requester }) => <AddressLink address={requester} /> },
  {
    key: "market",
    title: "Answered by",
    render: ({ market, nodes }) => (market === "market" ? `several nodes (${nodes.length})` : "one node"),
    sort: ({ market }) => market,
  },
  {
    key: "price",
    title: "Price of an answer",
    align: "end",
    render: ({ price, tx }) => <Amount value={price} tx={tx} />,
    sort: ({ price }) => price,
  },
  {
    key: "escrow",
    title: "Escrow",
    align: "end",
    render: ({ escrow, tx }) => <Amount value={escrow} tx={tx} />,
    sort: ({ escrow }) => escrow,
  },
  {
    key: "cost",
    title: "Cost",
    align: "end",
    render: ({ cost, settledTx }) =>
      cost === undefined || settledTx === undefined ? "–" : <Amount value={cost} tx={settledTx} />,
    sort: ({ cost }) => cost ?? 0n,
  },
  {
    key: "ordered",
    title: "Ordered",
    render: ({ orderedAt, tx }) => <Time at={orderedAt} tx={tx} />,
    sort: ({ orderedAt }) => orderedAt,
  },
];
