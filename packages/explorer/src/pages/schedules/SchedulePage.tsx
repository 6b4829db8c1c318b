import type { ReactNode } from "react";

import { nameOfVersion } from "../../entities/names.ts";
import { scheduleOf, type ScheduleView } from "../../entities/schedules.ts";
import { useHistory } from "../../history/useHistory.ts";
import { Found } from "../../parts/Found.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { RunsTable } from "./RunsTable.tsx";
import { ScheduleActions } from "./ScheduleActions.tsx";
import { ScheduleCalendar } from "./ScheduleCalendar.tsx";
import { ScheduleFacts } from "./ScheduleFacts.tsx";
import { ScheduleMoney } from "./ScheduleMoney.tsx";

/** One schedule. */
export default function SchedulePage({ params }: { readonly params: { readonly id: string } }): ReactNode {
  const { index } = useHistory();
  return (
    <Found value={scheduleOf(index, params.id)} what="schedule" id={params.id}>
      {(schedule) => <ScheduleBody schedule={schedule} />}
    </Found>
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
