import { createdSchedule, type CreatedSchedule, ScheduleState } from "@opg-protocol/sdk";

import type { EventIndex, TimedEventNamed } from "../history/EventIndex.ts";
import { folded } from "./folded.ts";

/** A run of a schedule. Amounts in base units of OPG, times in unix seconds. */
export interface RunView {
  readonly jobId: string;
  readonly keeper: string;
  readonly index: bigint;
  readonly cost: bigint;
  readonly reward: bigint;
  readonly at: number;
  readonly tx: string;
}

/** When a schedule began or ceased to rest. */
export interface PauseMove {
  readonly isPaused: boolean;
  readonly at: number;
}

/** A schedule as the events tell it. Amounts in base units of OPG, times in unix seconds. */
export interface ScheduleView {
  readonly scheduleId: string;
  readonly created: CreatedSchedule;
  readonly state: ScheduleState;
  readonly createdAt: number;
  readonly createdTx: string;
  /** What it was given in all. */
  readonly granted: bigint;
  /** What runs can still take. */
  readonly budget: bigint;
  /** The first period that has neither run nor been skipped by one that has. */
  readonly nextIndex: bigint;
  /** Oldest first. */
  readonly runs: readonly RunView[];
  readonly pauses: readonly PauseMove[];
  /** When and how it was ended by its owner. */
  readonly endedAt: number | undefined;
  readonly endedTx: string | undefined;
  /** What has taken its place. */
  readonly successor: string | undefined;
  /** Whose place it has taken. */
  readonly predecessor: string | undefined;
}

const CHANGES = ["RunOrdered", "ScheduleToppedUp", "SchedulePaused", "ScheduleCancelled", "ScheduleChanged"] as const;
type ScheduleEvent = TimedEventNamed<(typeof CHANGES)[number]>;

/** A schedule while it is told: who owns one can pause it as often as it likes, so no list is copied for an event. */
interface Growing extends ScheduleView {
  readonly runs: RunView[];
  readonly pauses: PauseMove[];
}

/** All schedules, newest first. */
export const schedulesOf = folded((index: EventIndex): readonly ScheduleView[] => {
  const schedules = new Map<string, Growing>();
  for (const event of index.named("ScheduleCreated", ...CHANGES)) {
    const id = event.args.scheduleId;
    if (event.name === "ScheduleCreated") {
      schedules.set(id, begun(event));
      continue;
    }
    const schedule = schedules.get(id);
    if (schedule === undefined) continue;
    schedules.set(id, { ...schedule, ...changeOf(schedule, event) });
    if (event.name !== "ScheduleChanged") continue;
    const successor = schedules.get(event.args.successor);
    // What takes over goes on resting if the one before it rested.
    if (successor !== undefined) {
      schedules.set(successor.scheduleId, {
        ...successor,
        state: schedule.state,
        predecessor: id,
        pauses: restedBy(schedule, event),
      });
    }
  }
  return [...schedules.values()].reverse();
});

/** One schedule. */
export function scheduleOf(index: EventIndex, scheduleId: string): ScheduleView | undefined {
  const wanted = scheduleId.toLowerCase();
  return schedulesOf(index).find((schedule) => schedule.scheduleId.toLowerCase() === wanted);
}

function begun(event: TimedEventNamed<"ScheduleCreated">): Growing {
  const created = createdSchedule(event);
  return {
    scheduleId: created.scheduleId,
    created,
    state: ScheduleState.Active,
    createdAt: event.timestamp,
    createdTx: event.transactionHash,
    granted: created.budget,
    budget: created.budget,
    nextIndex: 0n,
    runs: [],
    pauses: [],
    endedAt: undefined,
    endedTx: undefined,
    successor: undefined,
    predecessor: undefined,
  };
}

function restedBy({ state }: ScheduleView, { timestamp }: ScheduleEvent): PauseMove[] {
  return state === ScheduleState.Paused ? [{ isPaused: true, at: timestamp }] : [];
}

/** What an event changes; runs and pauses are added to their lists. */
function changeOf(schedule: Growing, event: ScheduleEvent): Partial<Growing> {
  const { timestamp: at, transactionHash: tx } = event;
  switch (event.name) {
    case "RunOrdered": {
      const { jobId, keeper, index, cost, reward } = event.args;
      schedule.runs.push({ jobId, keeper, index, cost, reward, at, tx });
      return { budget: schedule.budget - cost - reward, nextIndex: index + 1n };
    }
    case "ScheduleToppedUp": {
      const { amount } = event.args;
      return { budget: schedule.budget + amount, granted: schedule.granted + amount };
    }
    case "SchedulePaused": {
      const { paused } = event.args;
      schedule.pauses.push({ isPaused: paused, at });
      return { state: paused ? ScheduleState.Paused : ScheduleState.Active };
    }
    case "ScheduleCancelled":
      return { state: ScheduleState.Ended, budget: 0n, endedAt: at, endedTx: tx };
    case "ScheduleChanged":
      return { state: ScheduleState.Ended, budget: 0n, endedAt: at, endedTx: tx, successor: event.args.successor };
  }
}
