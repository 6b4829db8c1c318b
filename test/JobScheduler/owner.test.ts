import { expect } from "chai";
import { encodeBytes32String, parseEther } from "ethers";

import { ScheduleState } from "../../packages/sdk/src/codecs/schedule.ts";
import { loadFixture } from "../support/network.ts";
import { BUDGET, INTERVAL, planOf, scheduling, TestSchedule } from "../support/schedules.ts";

const MORE = parseEther("7");
const MOST_96 = 2n ** 96n - 1n;

/** What the owner does with a schedule. */
const CALLS: Readonly<
  Record<string, (schedule: TestSchedule, sender: "requester" | "thief", suite: Suite) => Promise<unknown>>
> = {
  topUp: ({ packed }, sender, suite) => suite.scheduler.connect(suite[sender]).topUp(packed, MORE),
  setPaused: ({ packed }, sender, suite) => suite.scheduler.connect(suite[sender]).setPaused(packed, true),
  cancel: ({ packed }, sender, suite) => suite.scheduler.connect(suite[sender]).cancel(packed),
};

type Suite = Awaited<ReturnType<typeof given>>;

async function given() {
  const suite = await loadFixture(scheduling);
  return { ...suite, schedule: await TestSchedule.create(suite, await planOf(suite)) };
}

describe("JobScheduler, what an owner does", () => {
  for (const [name, call] of Object.entries(CALLS)) {
    describe(`JobScheduler.${name}`, () => {
      it("reverts for anybody but the owner, and names both [T199]", async () => {
        const suite = await given();
        await expect(call(suite.schedule, "thief", suite))
          .to.be.revertedWithCustomError(suite.scheduler, "SchedulerNotOwner")
          .withArgs(suite.thief, suite.requester);
      });

      it("reverts for a schedule that there is not", async () => {
        const suite = await given();
        const other = await TestSchedule.of(suite, await planOf(suite));
        await expect(call(other, "requester", suite))
          .to.be.revertedWithCustomError(suite.scheduler, "SchedulerUnknown")
          .withArgs(other.id);
      });

      it("reverts for one that has ended", async () => {
        const suite = await given();
        const { scheduler, requester, schedule } = suite;
        await scheduler.connect(requester).cancel(schedule.packed);
        await expect(call(schedule, "requester", suite))
          .to.be.revertedWithCustomError(scheduler, "SchedulerWrongState")
          .withArgs(schedule.id, ScheduleState.Ended);
      });
    });
  }

  describe("JobScheduler.topUp", () => {
    it("raises the budget and nothing else [I39]", async () => {
      const { scheduler, optimistic, requester, schedule } = await given();
      const before = await optimistic.accountOf(requester);
      await expect(scheduler.connect(requester).topUp(schedule.packed, MORE))
        .to.emit(scheduler, "ScheduleToppedUp")
        .withArgs(schedule.id, MORE);
      expect(await schedule.record()).to.deep.equal({
        state: ScheduleState.Active,
        nextIndex: 0n,
        runs: 0n,
        budget: BUDGET + MORE,
      });
      expect(await optimistic.accountOf(requester)).to.deep.equal(before);
    });

    it("reverts above what the slot holds, and takes the last unit", async () => {
      const { scheduler, requester, schedule } = await given();
      const most = MOST_96 - BUDGET;
      await expect(scheduler.connect(requester).topUp(schedule.packed, most + 1n))
        .to.be.revertedWithCustomError(scheduler, "SchedulerOutOfBounds")
        .withArgs(encodeBytes32String("amount"), most + 1n, 0, most);
      await scheduler.connect(requester).topUp(schedule.packed, most);
      expect((await schedule.record()).budget).to.equal(MOST_96);
    });
  });

  describe("JobScheduler.setPaused", () => {
    it("stops it, and lets it go on with the period of that moment, not before [T094]", async () => {
      const { scheduler, requester, schedule } = await given();
      await (await schedule.at(0)).trigger();
      await expect(scheduler.connect(requester).setPaused(schedule.packed, true))
        .to.emit(scheduler, "SchedulePaused")
        .withArgs(schedule.id, true);
      expect(await schedule.record()).to.include({ state: ScheduleState.Paused, nextIndex: 1n, runs: 1n });
      await schedule.at(5, 1);
      await expect(scheduler.connect(requester).setPaused(schedule.packed, false))
        .to.emit(scheduler, "SchedulePaused")
        .withArgs(schedule.id, false);
      await (await schedule.at(5, 2)).trigger();
      await expect((await schedule.at(5, 3)).trigger())
        .to.be.revertedWithCustomError(scheduler, "SchedulerNotDue")
        .withArgs(schedule.id, schedule.plan.terms.startAt + 6 * INTERVAL);
    });
  });

  describe("JobScheduler.cancel", () => {
    it("ends it, says what was left, and moves no money: that is the owner's already [T095 I39]", async () => {
      const { scheduler, optimistic, requester, schedule } = await given();
      await (await schedule.at(0)).trigger();
      const { budget } = await schedule.record();
      const before = await optimistic.accountOf(requester);
      await expect(scheduler.connect(requester).cancel(schedule.packed))
        .to.emit(scheduler, "ScheduleCancelled")
        .withArgs(schedule.id, budget);
      expect(await schedule.record()).to.include({ state: ScheduleState.Ended, budget: 0n });
      expect(await optimistic.accountOf(requester)).to.deep.equal(before);
      await optimistic.connect(requester).withdraw(requester, before.balance);
    });
  });
});
