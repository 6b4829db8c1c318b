import type { ReactNode } from "react";
import { Link } from "wouter";

import { nameOfVersion } from "../../entities/names.ts";
import { scheduleOf, type ScheduleView } from "../../entities/schedules.ts";
import { useHistory } from "../../history/useHistory.ts";
import { Empty } from "../../parts/Empty.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Loading } from "../../parts/Loading.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { RunsTable } from "./RunsTable.tsx";
import { ScheduleActions } from "./ScheduleActions.tsx";
import { ScheduleCalendar } from "./ScheduleCalendar.tsx";
import { ScheduleFacts } from "./ScheduleFacts.tsx";
import { ScheduleMoney } from "./ScheduleMoney.tsx";

/** One schedule. */
export default function SchedulePage({ params }: { readonly params: { readonly id: string } }): ReactNode {
  const { index, isComplete, error } = useHistory();
  const schedule = scheduleOf(index, params.id);
  if (schedule !== undefined) return <ScheduleBody schedule={schedule} />;
  return (
    <Page title="Schedule" lead={<Hash value={params.id} />}>
      {isComplete ? (
        <Empty>
          There is no schedule of this id. <Link href={to.schedules()}>All schedules</Link>
        </Empty>
      ) : error !== undefined ? (
        <Failure error={error} />
      ) : (
        <Loading what="the schedule" />
      )}
    </Page>
  );
}

function ScheduleBody({ schedule }: { readonly schedule: ScheduleView }): ReactNode {
  const { index } = useHistory();
  return (
    <Page
      title={
        <>
          Schedule of <ForeignText text={nameOfVersion(index, schedule.created.order.versionId)} />
        </>
      }
      windowTitle="Schedule"
      lead={<Hash value={schedule.scheduleId} />}
    >
      <ScheduleFacts schedule={schedule} />
      <ScheduleCalendar schedule={schedule} />
      <ScheduleMoney schedule={schedule} />
      <ScheduleActions schedule={schedule} />
      <Section title="Runs">
        <RunsTable runs={schedule.runs} />
      </Section>
    </Page>
  );
}
