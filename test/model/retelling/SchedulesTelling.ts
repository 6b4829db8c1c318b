import { ZeroHash } from "ethers";

import { ScheduleState } from "../../../packages/sdk/src/codecs/schedule.ts";
import type { JobScheduler } from "../../../typechain-types/index.ts";
import { found } from "../World.ts";
import type { View } from "../views.ts";
import { Entries } from "./Control.ts";
import { answer, type Hears, type Telling } from "./Telling.ts";

interface ToldSchedule {
  state: ScheduleState;
  nextIndex: bigint;
  runs: bigint;
  budget: bigint;
}

/** Schedules, their runs and budgets. */
export class SchedulesTelling implements Telling {
  private readonly entries = new Entries("scheduler");
  private readonly schedules = new Map<string, ToldSchedule>();
  private rules: string = ZeroHash;
  readonly hears: Hears<JobScheduler> = {
    ...this.entries.hears,
    SchedulerRulesSet: ({ rules }) => {
      this.rules = rules;
    },
    ScheduleCreated: ({ scheduleId, budget }) => {
      this.schedules.set(scheduleId, { state: ScheduleState.Active, nextIndex: 0n, runs: 0n, budget });
    },
    ScheduleToppedUp: ({ scheduleId, amount }) => {
      this.of(scheduleId).budget += amount;
    },
    SchedulePaused: ({ scheduleId, paused }) => {
      this.of(scheduleId).state = paused ? ScheduleState.Paused : ScheduleState.Active;
    },
    RunOrdered: ({ scheduleId, index, cost, reward }) => {
      const schedule = this.of(scheduleId);
      schedule.nextIndex = index + 1n;
      schedule.runs += 1n;
      schedule.budget -= cost + reward;
    },
    // What follows a paused schedule is paused.
    ScheduleChanged: ({ scheduleId, successor }) => {
      this.of(successor).state = this.of(scheduleId).state;
      this.end(scheduleId);
    },
    ScheduleCancelled: ({ scheduleId }) => {
      this.end(scheduleId);
    },
  };

  answers(): View[] {
    return [
      ...this.entries.answers(),
      answer("scheduler", "governed", [], this.rules),
      ...[...this.schedules].map(([id, { state, nextIndex, runs, budget }]) =>
        answer("scheduler", "recordOf", [id], BigInt(state) | (nextIndex << 8n) | (runs << 48n) | (budget << 88n)),
      ),
    ];
  }

  private of(id: string): ToldSchedule {
    return found(this.schedules, id);
  }

  private end(id: string): void {
    const schedule = this.of(id);
    schedule.state = ScheduleState.Ended;
    schedule.budget = 0n;
  }
}
