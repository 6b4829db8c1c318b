import type { ReactNode } from "react";

import { scheduleStage } from "../../entities/scheduleRuns.ts";
import { type ScheduleView, schedulesOf } from "../../entities/schedules.ts";
import { sumOf } from "../../entities/sumOf.ts";
import { useEntities } from "../../history/useHistory.ts";
import { useNow } from "../../network/context.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { ListState } from "../../parts/ListState.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { SchedulesTable } from "./SchedulesTable.tsx";

/** All schedules. */
export default function SchedulesPage(): ReactNode {
  const schedules = useEntities(schedulesOf);
  return (
    <Page
      title="Schedules"
      lead="A schedule places the same order again and again, out of its owner’s balance in a market. Anyone can place a run that is due, and earns a reward for it."
    >
      <ListState count={schedules.length} what="schedules">
        <Totals schedules={schedules} />
        <Section title="All schedules">
          <SchedulesTable
            caption="List of all schedules"
            schedules={schedules}
            empty="No schedule was created yet. Programs create them with createSchedule of the SDK, contracts through JobScheduler."
          />
        </Section>
      </ListState>
    </Page>
  );
}

function Totals({ schedules }: { readonly schedules: readonly ScheduleView[] }): ReactNode {
  const now = useNow();
  const stages = schedules.map((schedule) => scheduleStage(schedule, now));
  const isLive = (i: number): boolean => stages[i] === "waiting" || stages[i] === "due";
  const runs = schedules.flatMap((schedule) => schedule.runs);
  return (
    <Section title="In all">
      <Facts
        items={[
          ["Schedules", schedules.length],
          ["Going on", stages.filter((_, i) => isLive(i)).length],
          ["Due now", stages.filter((stage) => stage === "due").length],
          ["Runs", runs.length],
          ["Taken as escrow by runs", <Amount key="cost" value={sumOf(runs.map(({ cost }) => cost))} />],
          ["Earned by keepers", <Amount key="reward" value={sumOf(runs.map(({ reward }) => reward))} />],
        ]}
      />
    </Section>
  );
}
