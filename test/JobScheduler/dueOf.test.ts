import { expect } from "chai";

import { ScheduleState } from "../../packages/sdk/src/codecs/schedule.ts";
import { INPUT_URI } from "../support/jobs.ts";
import { loadFixture, mine } from "../support/network.ts";
import { INTERVAL, planOf, scheduling, TestSchedule } from "../support/schedules.ts";

describe("JobScheduler.dueOf", () => {
  async function given() {
    const suite = await loadFixture(scheduling);
    const schedule = await TestSchedule.create(suite, await planOf(suite));
    const dueOf = () => suite.scheduler.dueOf(schedule.packed, INPUT_URI.length);
    return { ...suite, schedule, dueOf };
  }

  it("gives the period that can run, and what that earns in this second", async () => {
    const { schedule, dueOf } = await given();
    await schedule.at(3, 1);
    await mine(1);
    const { index, reward } = await dueOf();
    const gas = 130_000n + 25n * BigInt(INPUT_URI.length);
    expect({ index, reward }).to.deep.equal({ index: 3n, reward: (gas * 1_000_000n * 30_000n * 27_500n) / 10_000n });
  });

  it("reverts as a run does: before the first period, and after a run", async () => {
    const { scheduler, schedule, dueOf } = await given();
    await expect(dueOf())
      .to.be.revertedWithCustomError(scheduler, "SchedulerNotDue")
      .withArgs(schedule.id, schedule.plan.terms.startAt);
    await (await schedule.at(0)).trigger();
    await expect(dueOf())
      .to.be.revertedWithCustomError(scheduler, "SchedulerNotDue")
      .withArgs(schedule.id, schedule.plan.terms.startAt + INTERVAL);
  });

  it("reverts while it is paused, by its owner or by the guardian", async () => {
    const { scheduler, pauseGuardian, deployer, requester, schedule, dueOf } = await given();
    await schedule.at(0);
    await pauseGuardian.connect(deployer).pause();
    await expect(dueOf())
      .to.be.revertedWithCustomError(scheduler, "EntryPaused")
      .withArgs(await scheduler.pausedUntil());
    await pauseGuardian.connect(deployer).resume();
    await scheduler.connect(requester).setPaused(schedule.packed, true);
    await expect(dueOf())
      .to.be.revertedWithCustomError(scheduler, "SchedulerWrongState")
      .withArgs(schedule.id, ScheduleState.Paused);
  });
});
