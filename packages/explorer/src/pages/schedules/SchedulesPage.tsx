import type { ReactNode } from "react";

import { scheduleStage } from "../../entities/scheduleRuns.ts";
import { type ScheduleView, schedulesOf } from "../../entities/schedules.ts";
import { useEntities, useHistory } from "../../history/useHistory.ts";
import { useNow } from "../../network/context.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Loading } from "../../parts/Loading.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { SchedulesTable } from "./SchedulesTable.tsx";

/** All schedules. */
export default function SchedulesPage(): ReactNode {
  const { isComplete, error } = useHistory();
  const schedules = useEntities(schedulesOf);
  return (
    <Page
      title="Schedules"
      lead="A schedule places the same order again and again, out of its owner’s balance in a market. Anyone can place a run that is due, and earns a reward for it."
    >
      {schedules.length > 0 || isComplete ? (
        <>
          <Totals schedules={schedules} />
          <Section title="All schedules">
            <SchedulesTable
              caption="List of all schedules"
              schedules={schedules}
              empty="No schedule was created yet. Programs create them with createSchedule of the SDK, contracts through JobScheduler."
            />
          </Section>
        </>
      ) : error !== undefined ? (
        <Failure error={error} />
      ) : (
        <Loading what="schedules" />
      )}
    </Page>
  );
}

function Totals({ schedules }: { readonly schedules: readonly ScheduleView[] }): ReactNode {
  const now = useNow();
  const stages = schedules.map((schedule) => scheduleStage(schedule, now));
  const isLive = (i: number): boolean => stages[i] === "waiting" || stages[i] === "due";
  const runs = schedules.flatMap((schedule) => schedule.runs);
  const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
  return (
    <Section title="In all">
      <Facts
        items={[
          ["Schedules", schedules.length],
          ["Going on", stages.filter((_, i) => isLive(i)).length],
          ["Due now", stages.filter((stage) => stage === "due").length],
          ["Runs", runs.length],
          ["Taken as escrow by runs", <Amount key="cost" value={sum(runs.map(({ cost }) => cost))} />],
          ["Earned by keepers", <Amount key="reward" value={sum(runs.map(({ reward }) => reward))} />],
        ]}
      />
    </Section>
  );
}
