import type { ReactNode } from "react";

import { periodsAround } from "../../entities/scheduleRuns.ts";
import type { ScheduleView } from "../../entities/schedules.ts";
import { useNow } from "../../network/context.tsx";
import { CalendarStrip } from "../../parts/charts/index.tsx";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";

/** Periods that are shown. */
const SHOWN = { before: 24, after: 6 } as const;

/** The last periods of a schedule, and the next ones. */
export function ScheduleCalendar({ schedule }: { readonly schedule: ScheduleView }): ReactNode {
  const periods = periodsAround(schedule, useNow(), SHOWN);
  if (periods.length === 0) return undefined;
  return (
    <Section title="Calendar">
      <CalendarStrip
        title="Periods around now"
        runs={periods.map(({ at, state, run }) => ({ at, state, ...(run !== undefined && { to: to.job(run.jobId) }) }))}
      />
    </Section>
  );
}
