/** When schedules run: what was, what is due, what comes. Pure. */
import { periodAt, periodStartOf, ScheduleState } from "@opg-protocol/sdk";

import type { RunView, ScheduleView } from "./schedules.ts";

/** Where a schedule stands in a word. */
export type ScheduleStage = "waiting" | "due" | "paused" | "over" | "ended";

type Standing = Pick<ScheduleView, "state" | "created" | "runs" | "nextIndex">;

/** Where a schedule stands at a time of the chain (unix seconds). */
export function scheduleStage(schedule: Standing, now: number): ScheduleStage {
  if (schedule.state === ScheduleState.Ended) return "ended";
  if (isOver(schedule, now)) return "over";
  if (schedule.state === ScheduleState.Paused) return "paused";
  return now >= nextDueAt(schedule) ? "due" : "waiting";
}

/** No run is left: its time is over, or it has run as often as it may. */
function isOver({ created: { schedule }, runs }: Standing, now: number): boolean {
  const isLate = schedule.endsAt !== 0 && now >= schedule.endsAt;
  return isLate || (schedule.mostRuns !== 0 && runs.length >= schedule.mostRuns);
}

/** When the next run can be placed, unix seconds; past if it can now. */
export const nextDueAt = ({ created, nextIndex }: Standing): number => periodStartOf(created.schedule, nextIndex);

/** A period of a schedule. */
export interface PeriodView {
  readonly index: bigint;
  /** When it begins; of one that has run, when it ran. Unix seconds. */
  readonly at: number;
  readonly state: "done" | "due" | "next" | "missed";
  readonly run: RunView | undefined;
}

/** Some periods before now, the one of now, and some after, oldest first. Those in which the schedule rested are left out. */
export function periodsAround(
  schedule: ScheduleView,
  now: number,
  { before, after }: { readonly before: number; readonly after: number },
): readonly PeriodView[] {
  const { created, runs } = schedule;
  const current = periodAt(created.schedule, now) ?? -1n;
  const last = current < 0n ? BigInt(after) - 1n : current + BigInt(after);
  const first = current - BigInt(before) > 0n ? current - BigInt(before) : 0n;
  const ran = new Map(runs.map((run) => [run.index, run]));
  const periods: PeriodView[] = [];
  for (let index = first; index <= last; index++) {
    const run = ran.get(index);
    const start = periodStartOf(created.schedule, index);
    if (run !== undefined) periods.push({ index, at: run.at, state: "done", run });
    else {
      const state = stateOfPeriod(schedule, index, now);
      if (state !== undefined) periods.push({ index, at: start, state, run: undefined });
    }
  }
  return periods;
}

/** What a period without a run is; undefined if none was or will be wanted in it. */
function stateOfPeriod(schedule: ScheduleView, index: bigint, now: number): "due" | "next" | "missed" | undefined {
  const { created, runs, createdAt, endedAt } = schedule;
  const { endsAt, mostRuns } = created.schedule;
  const start = periodStartOf(created.schedule, index);
  const end = periodStartOf(created.schedule, index + 1n);
  if (endsAt !== 0 && start >= endsAt) return undefined;
  if (end <= now) {
    const lastSecond = end - 1;
    const wasThere = lastSecond >= createdAt && (endedAt === undefined || lastSecond < endedAt);
    const wasFull = mostRuns !== 0 && runs.filter(({ at }) => at < end).length >= mostRuns;
    return wasThere && !wasFull && !wasPausedAt(schedule, lastSecond) ? "missed" : undefined;
  }
  const stage = scheduleStage(schedule, now);
  if (stage !== "waiting" && stage !== "due") return undefined;
  if (start <= now) return "due";
  const ahead = Number(index - (periodAt(created.schedule, now) ?? -1n));
  return mostRuns !== 0 && runs.length + ahead > mostRuns ? undefined : "next";
}

function wasPausedAt({ pauses }: Pick<ScheduleView, "pauses">, time: number): boolean {
  return pauses.findLast(({ at }) => at <= time)?.isPaused ?? false;
}

/** How many runs the budget lasts for at the most that they may cost. */
export function runsLeft({ budget, created: { schedule } }: Pick<ScheduleView, "budget" | "created">): bigint {
  const most = schedule.mostCost + schedule.mostReward;
  return most === 0n ? 0n : budget / most;
}
