import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { encodeOrder, packSchedule, ScheduleState } from "@opg-protocol/sdk";

import { nextDueAt, periodsAround, runsLeft, scheduleStage } from "../../src/entities/scheduleRuns.ts";
import { scheduleOf, schedulesOf, type ScheduleView } from "../../src/entities/schedules.ts";
import { EventIndex, type TimedEvent } from "../../src/history/EventIndex.ts";
import { address, event, hash, timeOf } from "../support/events.ts";

const OPG = 10n ** 18n;
const owner = address(1);
const id = hash("schedule");
const START = timeOf(100);
const INTERVAL = 60;

const word = (text: string) => hash(text);
const order = {
  versionId: word("version"),
  inputRoot: word("input"),
  requester: word("requester"),
  callback: word("callback"),
  royalty: word("royalty"),
  shape: word("shape"),
  rules: word("rules"),
};

interface Terms {
  readonly endsAt?: number;
  readonly mostRuns?: number;
}

function created(terms: Terms = {}, scheduleId = id, budget = 30n * OPG, block = 1) {
  const schedule = packSchedule(
    { owner, mostReward: OPG, mostCost: 2n * OPG, startAt: START, interval: INTERVAL, ...terms },
    order,
    "0x00",
  );
  return event(
    "ScheduleCreated",
    "scheduler",
    { scheduleId, owner, schedule, order: encodeOrder(order), input: "0x00", budget },
    { block },
  );
}

const ran = (index: bigint, time: number) =>
  event(
    "RunOrdered",
    "scheduler",
    { scheduleId: id, jobId: hash(`job ${index}`), keeper: address(5), index, cost: 2n * OPG, reward: OPG / 2n },
    { block: Math.floor((time - timeOf(0)) / 2), time },
  );
const paused = (isPaused: boolean, time: number) =>
  event(
    "SchedulePaused",
    "scheduler",
    { scheduleId: id, paused: isPaused },
    { block: Math.floor((time - timeOf(0)) / 2), time },
  );

function after(first: TimedEvent, ...events: readonly TimedEvent[]): ScheduleView {
  const schedule = scheduleOf(EventIndex.of([first, ...events]), id);
  assert.ok(schedule !== undefined);
  return schedule;
}

const statesAt = (schedule: ScheduleView, now: number) =>
  periodsAround(schedule, now, { before: 5, after: 2 }).map(({ index, state }) => [Number(index), state]);

describe("schedulesOf", () => {
  it("stays quick where an owner pauses a schedule 100,000 times", () => {
    const one = paused(true, START);
    const many = Array.from({ length: 100_000 }, (_, i) => ({ ...one, logIndex: one.logIndex + i }));
    const start = performance.now();
    assert.equal(after(created(), ...many).pauses.length, 100_000);
    const ms = performance.now() - start;
    assert.ok(ms < 4_000, `${ms} ms`);
  });

  it("takes of the budget what runs have taken, and adds what came", () => {
    const schedule = after(
      created(),
      ran(0n, START + 5),
      event("ScheduleToppedUp", "scheduler", { scheduleId: id, amount: 4n * OPG }, { block: 200 }),
    );
    assert.equal(schedule.budget, 30n * OPG - 2n * OPG - OPG / 2n + 4n * OPG);
    assert.equal(schedule.granted, 34n * OPG);
    assert.equal(schedule.nextIndex, 1n);
    assert.equal(runsLeft(schedule), 10n);
    assert.equal(schedule.created.order.versionId, order.versionId);
  });

  it("follows pauses and the end", () => {
    assert.equal(after(created(), paused(true, START)).state, ScheduleState.Paused);
    assert.equal(after(created(), paused(true, START), paused(false, START + 9)).state, ScheduleState.Active);
    const ended = after(
      created(),
      event("ScheduleCancelled", "scheduler", { scheduleId: id, budget: 30n * OPG }, { block: 150 }),
    );
    assert.deepEqual([ended.state, ended.budget, ended.endedAt], [ScheduleState.Ended, 0n, timeOf(150)]);
  });

  it("lets a successor go on with the state of what it replaces", () => {
    const next = hash("next");
    const index = EventIndex.of([
      created(),
      paused(true, timeOf(10)),
      created({}, next, 12n * OPG, 20),
      event("ScheduleChanged", "scheduler", { scheduleId: id, successor: next }, { block: 20 }),
    ]);
    const [successor, replaced] = schedulesOf(index);
    assert.deepEqual([replaced?.state, replaced?.successor, replaced?.budget], [ScheduleState.Ended, next, 0n]);
    assert.deepEqual([successor?.state, successor?.predecessor], [ScheduleState.Paused, id]);
    assert.equal(successor?.budget, 12n * OPG);
  });
});

describe("scheduleStage", () => {
  it("is due once a period has begun that has not run", () => {
    const fresh = after(created());
    assert.equal(scheduleStage(fresh, START - 1), "waiting");
    assert.equal(scheduleStage(fresh, START), "due");
    const once = after(created(), ran(0n, START + 5));
    assert.equal(scheduleStage(once, START + 6), "waiting");
    assert.equal(nextDueAt(once), START + INTERVAL);
    assert.equal(scheduleStage(once, START + INTERVAL), "due");
  });

  it("is over after its end, or as many runs as it may have", () => {
    assert.equal(scheduleStage(after(created({ endsAt: START + 90 })), START + 90), "over");
    assert.equal(scheduleStage(after(created({ mostRuns: 1 }), ran(0n, START)), START + INTERVAL), "over");
  });
});

describe("periodsAround", () => {
  it("tells runs, missed periods, the due one and those to come", () => {
    const schedule = after(created(), ran(0n, START + 5), ran(2n, START + 2 * INTERVAL + 3));
    assert.deepEqual(statesAt(schedule, START + 3 * INTERVAL + 10), [
      [0, "done"],
      [1, "missed"],
      [2, "done"],
      [3, "due"],
      [4, "next"],
      [5, "next"],
    ]);
  });

  it("shows what is to come before the first period", () => {
    assert.deepEqual(statesAt(after(created()), START - 10), [
      [0, "next"],
      [1, "next"],
    ]);
  });

  it("does not call missed what nobody wanted", () => {
    const rested = after(created(), ran(0n, START), paused(true, START + 10), paused(false, START + 2 * INTERVAL + 5));
    assert.deepEqual(statesAt(rested, START + 3 * INTERVAL), [
      [0, "done"],
      [2, "missed"],
      [3, "due"],
      [4, "next"],
      [5, "next"],
    ]);
  });

  it("promises no run beyond the end or the number of runs", () => {
    const few = after(created({ mostRuns: 2 }), ran(0n, START));
    assert.deepEqual(statesAt(few, START + 10), [
      [0, "done"],
      [1, "next"],
    ]);
    const short = after(created({ endsAt: START + INTERVAL + 1 }), ran(0n, START));
    assert.deepEqual(statesAt(short, START + 10), [
      [0, "done"],
      [1, "next"],
    ]);
  });
});
