import { expect } from "chai";
import { concat, encodeBytes32String, hexlify, id, keccak256, parseEther, ZeroAddress } from "ethers";

import { packOptimisticOrder } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { ScheduleState, type ScheduleTerms } from "../../packages/sdk/src/codecs/schedule.ts";
import { INPUT_URI } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";
import { namedOrder } from "../support/optimistic.ts";
import { BUDGET, planOf, planOfDraws, scheduling, schedulingDraws, TestSchedule } from "../support/schedules.ts";

const MOST_40 = 2n ** 40n - 1n;
const MOST_32 = 2n ** 32n - 1n;
const MOST_96 = 2n ** 96n - 1n;
const MILLION = 1_000_000;
const SOURCE = "0x000000000000000000000000000000000000bEEF";
const ANY = 2n ** 256n - 1n;

/** What is wrong, and how it is named. */
const BOUNDS: readonly (readonly [
  title: string,
  changes: (startAt: number) => Partial<ScheduleTerms>,
  field: string,
  given: (startAt: number) => number,
  least: (startAt: number) => number,
  most: bigint | number,
])[] = [
  ["a period below the least", () => ({ interval: 4 }), "interval", () => 4, () => 5, MOST_32],
  ["an end at its beginning", (at) => ({ endsAt: at }), "endsAt", (at) => at, (at) => at + 1, MOST_40],
  ["gas for no source", () => ({ sourceGas: 1 }), "sourceGas", () => 1, () => 0, 0],
  ["no gas for a source", () => ({ source: SOURCE }), "sourceGas", () => 0, () => 1, MILLION],
  [
    "too much gas for a source",
    () => ({ source: SOURCE, sourceGas: MILLION + 1 }),
    "sourceGas",
    () => MILLION + 1,
    () => 1,
    MILLION,
  ],
  ["too much gas for a notice", () => ({ noticeGas: MILLION + 1 }), "noticeGas", () => MILLION + 1, () => 0, MILLION],
];

describe("JobScheduler.create", () => {
  const given = () => loadFixture(scheduling);

  context("given a schedule within bounds", () => {
    it("keeps one slot of it, says all of it, and takes no money [I07 I39]", async () => {
      const suite = await given();
      const { scheduler, optimistic, token, requester } = suite;
      const before = await optimistic.accountOf(requester);
      const schedule = await TestSchedule.of(suite, await planOf(suite, { endsAt: 2_000_000_000, mostRuns: 9 }));
      await expect(schedule.createAs(requester))
        .to.emit(scheduler, "ScheduleCreated")
        .withArgs(schedule.id, requester, Object.values(schedule.packed), schedule.order, schedule.input, BUDGET);
      expect(await schedule.record()).to.deep.equal({
        state: ScheduleState.Active,
        nextIndex: 0n,
        runs: 0n,
        budget: BUDGET,
      });
      expect(await optimistic.accountOf(requester)).to.deep.equal(before);
      expect(await token.balanceOf(scheduler)).to.equal(0n);
    });

    it("names it as a call would that only looks", async () => {
      const suite = await given();
      const { scheduler, requester } = suite;
      const { packed, order, input, id: expected } = await TestSchedule.of(suite, await planOf(suite));
      expect(await scheduler.connect(requester).create.staticCall(packed, order, input, 0n)).to.equal(expected);
    });

    it("takes orders of several nodes, too", async () => {
      const suite = await loadFixture(schedulingDraws);
      const schedule = await TestSchedule.create(suite, await planOfDraws(suite));
      expect((await schedule.record()).state).to.equal(ScheduleState.Active);
    });

    it("takes the largest budget that there is", async () => {
      const suite = await given();
      const schedule = await TestSchedule.create(suite, await planOf(suite), MOST_96);
      expect((await schedule.record()).budget).to.equal(MOST_96);
    });
  });

  for (const [title, changes, field, value, least, most] of BOUNDS) {
    it(`reverts for ${title} and names the bounds`, async () => {
      const suite = await given();
      const plan = await planOf(suite);
      const { startAt } = plan.terms;
      const schedule = await TestSchedule.of(suite, { ...plan, terms: { ...plan.terms, ...changes(startAt) } });
      await expect(schedule.createAs(suite.requester))
        .to.be.revertedWithCustomError(suite.scheduler, "SchedulerOutOfBounds")
        .withArgs(encodeBytes32String(field), value(startAt), least(startAt), most);
    });
  }

  it("reverts for a budget that the slot does not hold", async () => {
    const suite = await given();
    const schedule = await TestSchedule.of(suite, await planOf(suite));
    await expect(schedule.createAs(suite.requester, MOST_96 + 1n))
      .to.be.revertedWithCustomError(suite.scheduler, "SchedulerOutOfBounds")
      .withArgs(encodeBytes32String("budget"), MOST_96 + 1n, 0, MOST_96);
  });

  it("reverts for an input beside a source, and for none where there is no source", async () => {
    const suite = await given();
    const { scheduler, requester } = suite;
    const plan = await planOf(suite, { source: SOURCE, sourceGas: 1 });
    const beside = await TestSchedule.of(suite, { ...plan, input: hexlify(INPUT_URI) });
    await expect(beside.createAs(requester))
      .to.be.revertedWithCustomError(scheduler, "SchedulerOutOfBounds")
      .withArgs(encodeBytes32String("input"), INPUT_URI.length, 0, 0);
    const none = await TestSchedule.of(suite, { ...(await planOf(suite)), input: "0x" });
    await expect(none.createAs(requester))
      .to.be.revertedWithCustomError(scheduler, "SchedulerOutOfBounds")
      .withArgs(encodeBytes32String("input"), 0, 1, ANY);
  });

  it("reverts for anybody but the owner, and names both [T199]", async () => {
    const suite = await given();
    const schedule = await TestSchedule.of(suite, await planOf(suite));
    await expect(schedule.createAs(suite.thief))
      .to.be.revertedWithCustomError(suite.scheduler, "SchedulerNotOwner")
      .withArgs(suite.thief, suite.requester);
  });

  it("reverts for an order that somebody else would pay, and names both [T199]", async () => {
    const suite = await given();
    const { scheduler, requester, thief } = suite;
    const plan = await planOf(suite, { owner: thief.address });
    const schedule = await TestSchedule.of(suite, plan);
    await expect(schedule.createAs(thief))
      .to.be.revertedWithCustomError(scheduler, "SchedulerWrongRequester")
      .withArgs(requester, thief);
    const nobody = packOptimisticOrder(namedOrder(suite, { requester: ZeroAddress }));
    await expect((await TestSchedule.of(suite, { ...plan, order: nobody })).createAs(thief))
      .to.be.revertedWithCustomError(scheduler, "SchedulerWrongRequester")
      .withArgs(ZeroAddress, thief);
  });

  it("reverts for an order of no market", async () => {
    const suite = await given();
    const { scheduler, requester } = suite;
    const plan = await planOf(suite);
    for (const [order, length] of [
      ["0x", 0],
      [concat([(await TestSchedule.of(suite, plan)).order, "0x00"]), 257],
    ] as const) {
      const { packed, input } = await TestSchedule.of(suite, plan, { orderHash: keccak256(order) });
      await expect(scheduler.connect(requester).create(packed, order, input, 0n))
        .to.be.revertedWithCustomError(scheduler, "MarketUnknownOrder")
        .withArgs(length);
    }
  });

  it("reverts for hashes of something else, and names both", async () => {
    const suite = await given();
    const { scheduler, requester } = suite;
    const plan = await planOf(suite);
    const right = await TestSchedule.of(suite, plan);
    const wrongOrder = await TestSchedule.of(suite, plan, { orderHash: id("another order") });
    await expect(wrongOrder.createAs(requester))
      .to.be.revertedWithCustomError(scheduler, "SchedulerWrongOrder")
      .withArgs(right.packed.orderHash, id("another order"));
    const wrongInput = await TestSchedule.of(suite, plan, { inputHash: id("another input") });
    await expect(wrongInput.createAs(requester))
      .to.be.revertedWithCustomError(scheduler, "SchedulerWrongInput")
      .withArgs(right.packed.inputHash, id("another input"));
  });

  it("reverts the second time, even when it has ended [I39]", async () => {
    const suite = await given();
    const { scheduler, requester } = suite;
    const schedule = await TestSchedule.create(suite, await planOf(suite), parseEther("1"));
    await expect(schedule.createAs(requester))
      .to.be.revertedWithCustomError(scheduler, "SchedulerExists")
      .withArgs(schedule.id);
    await scheduler.connect(requester).cancel(schedule.packed);
    await expect(schedule.createAs(requester))
      .to.be.revertedWithCustomError(scheduler, "SchedulerExists")
      .withArgs(schedule.id);
  });
});
