import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { loadFixture } from "../support/network.ts";
import { TestOffer } from "../support/optimistic.ts";
import { Mood, planOf, scheduling, TestSchedule } from "../support/schedules.ts";

const GAS = 100_000;

describe("JobScheduler, telling IScheduledCallback.onScheduled", () => {
  async function noticed(noticeGas = GAS) {
    const suite = await loadFixture(scheduling);
    const callback = await suite.source.getAddress();
    const plan = await planOf(suite, { noticeGas }, { callback, callbackGas: 100_000 });
    return { ...suite, schedule: await TestSchedule.create(suite, plan) };
  }

  it("tells it the schedule, the period and the job [T197]", async () => {
    const suite = await noticed();
    const { source, scheduler, schedule } = suite;
    const transaction = await (await schedule.at(3)).trigger();
    const offer = TestOffer.from(suite, await transaction.wait());
    await expect(transaction).to.emit(source, "Noted").withArgs(scheduler, schedule.id, 3, offer.jobId);
  });

  it("reverts where it refuses, or burns all gas, and leaves the schedule usable", async () => {
    const { source, scheduler, schedule } = await noticed();
    for (const mood of [Mood.Reverts, Mood.BurnsGas]) {
      await source.setMood(mood);
      await expect((await schedule.at(mood)).trigger())
        .to.be.revertedWithCustomError(scheduler, "SchedulerNoticeRefused")
        .withArgs(schedule.id, source);
    }
    await source.setMood(Mood.Fair);
    await (await schedule.at(3)).trigger();
  });

  it("reverts where there is nobody to tell", async () => {
    const suite = await loadFixture(scheduling);
    const schedule = await TestSchedule.create(suite, await planOf(suite, { noticeGas: GAS }));
    await expect((await schedule.at(0)).trigger())
      .to.be.revertedWithCustomError(suite.scheduler, "SchedulerNoticeRefused")
      .withArgs(schedule.id, ZeroAddress);
  });

  it("lets it run no schedule meanwhile", async () => {
    const suite = await noticed(900_000);
    const { source, scheduler, schedule } = suite;
    const other = await TestSchedule.create(suite, await planOf(suite, { startAt: schedule.plan.terms.startAt }));
    const call = scheduler.interface.encodeFunctionData("trigger", [other.packed, other.order, other.input]);
    await source.reenterWith(call);
    await expect((await schedule.at(0)).trigger())
      .to.be.revertedWithCustomError(scheduler, "SchedulerNoticeRefused")
      .withArgs(schedule.id, source);
    expect(await other.record()).to.include({ nextIndex: 0n, runs: 0n });
  });
});
