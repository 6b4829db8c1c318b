import { expect } from "chai";
import { parseEther } from "ethers";

import { OptimisticState } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { ScheduleState } from "../../packages/sdk/src/codecs/schedule.ts";
import { CallbackRecorder__factory } from "../../typechain-types/index.ts";
import { CALLBACK_GAS, OUTPUT_ROOT, PAYLOAD, TIP } from "../support/callbacks.ts";
import { pauseEverything } from "../support/control.ts";
import { loadFixture, time } from "../support/network.ts";
import { TestOffer } from "../support/optimistic.ts";
import { BUDGET, CAP, planOf, scheduling, type Scheduling, TestSchedule } from "../support/schedules.ts";

const HOUR = 3_600;

/** The named node answers what a run has ordered, and the answer stands. */
async function serve(suite: Scheduling, schedule: TestSchedule, index: number, lateness = 0): Promise<TestOffer> {
  const run = await (await schedule.at(index, lateness)).trigger();
  const offer = TestOffer.from(suite, await run.wait());
  await offer.answer(suite.first, OUTPUT_ROOT);
  await offer.endWindow();
  await offer.settle(OUTPUT_ROOT);
  return offer;
}

describe("A schedule that runs for days", () => {
  /** Every hour, for a callback. */
  async function given() {
    const suite = await scheduling();
    const callback = await new CallbackRecorder__factory(suite.deployer).deploy();
    const plan = await planOf(
      suite,
      { interval: HOUR, startAt: (await time.latest()) + HOUR },
      { callback: await callback.getAddress(), callbackGas: CALLBACK_GAS, deliveryTip: TIP },
    );
    return { ...suite, callback, schedule: await TestSchedule.create(suite, plan) };
  }

  it("orders, is answered and delivered, with late keepers, a failing run, a pause, a change and an end [I39]", async () => {
    const suite = await loadFixture(given);
    const { scheduler, optimistic, mandates, callback, requester, stranger, registry, publisher, model } = suite;
    const { schedule } = suite;
    const funds = (await optimistic.accountOf(requester)).balance;

    // A day on which everybody is in time, but for one keeper and for one hour in which nobody comes.
    for (const [index, lateness] of [
      [0, 0],
      [1, 1_800],
      [3, 2],
    ] as const) {
      const offer = await serve(suite, schedule, index, lateness);
      expect((await offer.record()).state).to.equal(OptimisticState.Answered);
      await expect(offer.deliver(PayloadError.None, PAYLOAD))
        .to.emit(callback, "Received")
        .withArgs(optimistic, offer.jobId, suite.version, PayloadError.None, PAYLOAD);
    }
    expect(await schedule.record()).to.include({ nextIndex: 4n, runs: 3n });

    // The model becomes too dear for a while: runs fail, cost nothing, and go on when it is cheaper again.
    const spent = await schedule.record();
    await registry.connect(publisher).setRoyalty(model, parseEther("0.2"));
    const plan = await planOf(suite, { interval: HOUR, startAt: schedule.plan.terms.startAt }, { maxRoyalty: 1n });
    const cheap = await TestSchedule.of(suite, plan);
    await scheduler.connect(requester).change(schedule.packed, cheap.packed, cheap.order, cheap.input);
    await expect((await cheap.at(26)).trigger()).to.be.revertedWithCustomError(optimistic, "MarketRoyaltyTooHigh");
    expect(await cheap.record()).to.include({ nextIndex: 0n, runs: 0n, budget: spent.budget });
    await registry.connect(publisher).setRoyalty(model, 0n);
    await serve(suite, cheap, 27);

    // A weekend without runs.
    await scheduler.connect(requester).setPaused(cheap.packed, true);
    await expect((await cheap.at(40)).trigger())
      .to.be.revertedWithCustomError(scheduler, "SchedulerWrongState")
      .withArgs(cheap.id, ScheduleState.Paused);
    await scheduler.connect(requester).setPaused(cheap.packed, false);
    await serve(suite, cheap, 75);
    expect(await cheap.record()).to.include({ nextIndex: 76n, runs: 2n });

    // The end. All that runs took is what the budget lost; all that was not earned is the owner's.
    const { budget } = await cheap.record();
    await scheduler.connect(requester).cancel(cheap.packed);
    await expect((await cheap.at(80)).trigger()).to.be.revertedWithCustomError(scheduler, "SchedulerWrongState");
    const runs = await scheduler.queryFilter(scheduler.filters.RunOrdered());
    const taken = runs.reduce((sum, { args }) => sum + args.cost + args.reward, 0n);
    const rewards = runs.reduce((sum, { args }) => sum + args.reward, 0n);
    expect(runs.map(({ args }) => args.index)).to.deep.equal([0n, 1n, 3n, 27n, 75n]);
    expect(taken).to.equal(BUDGET - budget);
    expect(await mandates.capOf(optimistic, requester, scheduler)).to.equal(CAP - taken);
    const { balance: left, fees } = await optimistic.accountOf(requester);
    const earned = 5n * parseEther("2") + 3n * (TIP + parseEther("0.1"));
    expect(left).to.equal(funds - rewards - earned - fees);
    expect(await suite.token.balanceOf(scheduler)).to.equal(0n);
    await optimistic.connect(stranger).withdraw(stranger, (await optimistic.accountOf(stranger)).balance);
  });

  it("refunds a run that nobody answers to its owner, and goes on [T095]", async () => {
    const suite = await loadFixture(given);
    const { optimistic, requester, schedule } = suite;
    const { balance: before } = await optimistic.accountOf(requester);
    const run = await (await (await schedule.at(0)).trigger()).wait();
    const offer = TestOffer.from(suite, run);
    const { budget } = await schedule.record();
    await offer.missDeadline();
    await offer.expire();
    const reward = BUDGET - budget - offer.escrow;
    expect((await optimistic.accountOf(requester)).balance).to.equal(before - reward);
    expect((await schedule.record()).budget).to.equal(budget); // what comes back is the owner's, not the schedule's
    await expect(offer.expire()).to.be.revertedWithCustomError(optimistic, "MarketWrongPhase");
    await serve(suite, schedule, 1);
  });

  it("lets its owner leave while everything is paused [I27]", async () => {
    const suite = await loadFixture(given);
    const { scheduler, optimistic, token, requester, schedule } = suite;
    const offer = TestOffer.from(suite, await (await (await schedule.at(0)).trigger()).wait());
    await pauseEverything(suite);
    await scheduler.connect(requester).setPaused(schedule.packed, true);
    await scheduler.connect(requester).setPaused(schedule.packed, false);
    await scheduler.connect(requester).topUp(schedule.packed, 1n);
    await scheduler.connect(requester).cancel(schedule.packed);
    await offer.missDeadline();
    await offer.expire();
    const { balance } = await optimistic.accountOf(requester);
    await optimistic.connect(requester).withdraw(requester, balance);
    expect(await token.balanceOf(requester)).to.equal(balance);
  });
});
