import type { ReactNode } from "react";
import { Link } from "wouter";

import { nameOfVersion } from "../../entities/names.ts";
import { nextDueAt, scheduleStage } from "../../entities/scheduleRuns.ts";
import type { ScheduleView } from "../../entities/schedules.ts";
import type { EventIndex } from "../../history/EventIndex.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useNow } from "../../network/context.tsx";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Clock } from "../../parts/Clock.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Duration } from "../../parts/Duration.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";
import { StageBadge } from "./stages.tsx";

interface Props {
  readonly caption: string;
  readonly schedules: readonly ScheduleView[];
  readonly empty: ReactNode;
  readonly pageSize?: number;
}

/** Schedules, each in a line. */
export function SchedulesTable({ caption, schedules, empty, pageSize = 25 }: Props): ReactNode {
  const { index } = useHistory();
  return (
    <DataTable
      caption={caption}
      columns={columnsOf(index)}
      rows={schedules}
      rowKey={({ scheduleId }) => scheduleId}
      empty={empty}
      pageSize={pageSize}
    />
  );
}

/** When the next run can be placed; nothing if there will be none. */
export function NextRun({ schedule }: { readonly schedule: ScheduleView }): ReactNode {
  const stage = scheduleStage(schedule, useNow());
  if (stage === "due") return "now";
  return stage === "waiting" ? <Clock until={nextDueAt(schedule)} /> : "none";
}

const columnsOf = (index: EventIndex): readonly Column<ScheduleView>[] => [
  {
    key: "id",
    title: "Schedule",
    render: ({ scheduleId }) => <Hash value={scheduleId} to={to.schedule(scheduleId)} />,
  },
  { key: "stage", title: "State", render: (schedule) => <StageBadge schedule={schedule} /> },
  {
    key: "version",
    title: "Version",
    render: ({ created: { order } }) => (
      <Link href={to.version(order.versionId)}>
        <ForeignText text={nameOfVersion(index, order.versionId)} />
      </Link>
    ),
  },
  { key: "owner", title: "Owner", render: ({ created }) => <AddressLink address={created.schedule.owner} /> },
  {
    key: "interval",
    title: "Every",
    align: "end",
    render: ({ created }) => <Duration seconds={created.schedule.interval} />,
    sort: ({ created }) => created.schedule.interval,
  },
  { key: "next", title: "Next run", render: (schedule) => <NextRun schedule={schedule} />, sort: nextDueAt },
  { key: "runs", title: "Runs", align: "end", render: ({ runs }) => runs.length, sort: ({ runs }) => runs.length },
  {
    key: "budget",
    title: "Budget left",
    align: "end",
    render: ({ budget, runs, createdTx }) => <Amount value={budget} tx={runs.at(-1)?.tx ?? createdTx} />,
    sort: ({ budget }) => budget,
  },
  {
    key: "created",
    title: "Created",
    render: ({ createdAt, createdTx }) => <Time at={createdAt} tx={createdTx} />,
    sort: ({ createdAt }) => createdAt,
  },
];
