import { expect } from "chai";

import { ScheduleState } from "../../packages/sdk/src/codecs/schedule.ts";
import { loadFixture } from "../support/network.ts";
import { TestOffer } from "../support/optimistic.ts";
import { BUDGET, INTERVAL, planOf, planOfDraws, scheduling, TestSchedule } from "../support/schedules.ts";

describe("JobScheduler.change", () => {
  /** A schedule that runs, and what is to follow it. */
  async function given() {
    const suite = await loadFixture(scheduling);
    const schedule = await TestSchedule.create(suite, await planOf(suite));
    const successor = await TestSchedule.of(
      suite,
      await planOf(suite, { interval: 7 * INTERVAL }, { answerPeriod: 15 }),
    );
    const change = (sender = suite.requester) =>
      suite.scheduler.connect(sender).change(schedule.packed, successor.packed, successor.order, successor.input);
    return { ...suite, schedule, successor, change };
  }

  it("ends the one, begins the other, and hands what is left of the budget on [I39]", async () => {
    const { scheduler, requester, schedule, successor, change } = await given();
    await (await schedule.at(0)).trigger();
    const { budget } = await schedule.record();
    const transaction = await change();
    await expect(transaction)
      .to.emit(scheduler, "ScheduleCreated")
      .withArgs(successor.id, requester, Object.values(successor.packed), successor.order, successor.input, budget);
    await expect(transaction).to.emit(scheduler, "ScheduleChanged").withArgs(schedule.id, successor.id);
    expect(budget).to.be.below(BUDGET);
    expect(await schedule.record()).to.include({ state: ScheduleState.Ended, budget: 0n, runs: 1n });
    expect(await successor.record()).to.deep.equal({ state: ScheduleState.Active, nextIndex: 0n, runs: 0n, budget });
  });

  it("holds for runs that come after it, and for none that began before", async () => {
    const suite = await given();
    const { scheduler, schedule, successor, change } = suite;
    const before = TestOffer.from(suite, await (await (await schedule.at(0)).trigger()).wait());
    await change();
    await expect((await schedule.at(1)).trigger())
      .to.be.revertedWithCustomError(scheduler, "SchedulerWrongState")
      .withArgs(schedule.id, ScheduleState.Ended);
    const after = TestOffer.from(suite, await (await (await successor.at(1)).trigger()).wait());
    expect([before.fields.answerPeriod, after.fields.answerPeriod]).to.deep.equal([20, 15]);
  });

  it("keeps a pause", async () => {
    const { scheduler, requester, schedule, successor, change } = await given();
    await scheduler.connect(requester).setPaused(schedule.packed, true);
    await change();
    expect((await successor.record()).state).to.equal(ScheduleState.Paused);
  });

  it("reverts for anybody but the owner, and names both [T199]", async () => {
    const { scheduler, requester, thief, change } = await given();
    await expect(change(thief))
      .to.be.revertedWithCustomError(scheduler, "SchedulerNotOwner")
      .withArgs(thief, requester);
  });

  it("reverts where the successor is somebody else's [T199]", async () => {
    const suite = await given();
    const { scheduler, requester, thief, schedule } = suite;
    const { packed, order, input } = await TestSchedule.of(suite, await planOf(suite, { owner: thief.address }));
    await expect(scheduler.connect(requester).change(schedule.packed, packed, order, input))
      .to.be.revertedWithCustomError(scheduler, "SchedulerNotOwner")
      .withArgs(requester, thief);
  });

  it("reverts into itself, into one that there was, and out of one that has ended", async () => {
    const { scheduler, requester, schedule, successor, change } = await given();
    await expect(scheduler.connect(requester).change(schedule.packed, schedule.packed, schedule.order, schedule.input))
      .to.be.revertedWithCustomError(scheduler, "SchedulerExists")
      .withArgs(schedule.id);
    await change();
    await expect(change())
      .to.be.revertedWithCustomError(scheduler, "SchedulerWrongState")
      .withArgs(schedule.id, ScheduleState.Ended);
    await expect(scheduler.connect(requester).change(successor.packed, schedule.packed, schedule.order, schedule.input))
      .to.be.revertedWithCustomError(scheduler, "SchedulerExists")
      .withArgs(schedule.id);
  });

  it("can go to the other market", async () => {
    const suite = await given();
    const { scheduler, requester, schedule } = suite;
    const drawn = await TestSchedule.of(suite, await planOfDraws({ ...suite, nodes: [] }));
    await scheduler.connect(requester).change(schedule.packed, drawn.packed, drawn.order, drawn.input);
    expect((await drawn.record()).state).to.equal(ScheduleState.Active);
  });
});
