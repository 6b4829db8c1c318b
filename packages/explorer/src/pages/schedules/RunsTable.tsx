import type { ReactNode } from "react";

import type { RunView } from "../../entities/schedules.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";

const COLUMNS: readonly Column<RunView>[] = [
  { key: "period", title: "Period", align: "end", render: ({ index }) => index.toString(), sort: ({ index }) => index },
  { key: "at", title: "Placed", render: ({ at, tx }) => <Time at={at} tx={tx} />, sort: ({ at }) => at },
  { key: "job", title: "Job", render: ({ jobId }) => <Hash value={jobId} to={to.job(jobId)} /> },
  {
    key: "cost",
    title: "Escrow",
    align: "end",
    render: ({ cost, tx }) => <Amount value={cost} tx={tx} />,
    sort: ({ cost }) => cost,
  },
  {
    key: "reward",
    title: "Keeper’s reward",
    align: "end",
    render: ({ reward, tx }) => <Amount value={reward} tx={tx} />,
    sort: ({ reward }) => reward,
  },
  { key: "keeper", title: "Keeper", render: ({ keeper }) => <AddressLink address={keeper} /> },
];

/** Runs of a schedule, newest first. */
export function RunsTable({ runs }: { readonly runs: readonly RunView[] }): ReactNode {
  return (
    <DataTable
      caption="Runs of this schedule"
      columns={COLUMNS}
      rows={runs.toReversed()}
      rowKey={({ index }) => index.toString()}
      empty="It has not run yet."
    />
  );
}
