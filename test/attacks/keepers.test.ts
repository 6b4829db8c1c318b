import { expect } from "chai";
import { parseEther } from "ethers";

import { loadFixture, mine, setNextBaseFee, time } from "../support/network.ts";
import { TestOffer } from "../support/optimistic.ts";
import { BUDGET, CAP, INTERVAL, planOf, scheduling, TestSchedule } from "../support/schedules.ts";

/** What an order of these tests takes: price, fee and royalty. */
const COST = parseEther("2.15");

describe("Keepers who take more than is theirs", () => {
  const given = async () => {
    const suite = await loadFixture(scheduling);
    return { ...suite, schedule: await TestSchedule.create(suite, await planOf(suite)) };
  };

  it("get one run and one reward after an outage of a hundred periods, not a hundred [T094]", async () => {
    const { scheduler, optimistic, thief, schedule } = await given();
    await time.increaseTo(schedule.plan.terms.startAt + 100 * INTERVAL);
    await schedule.trigger(thief);
    for (let i = 0; i < 5; ++i) {
      await expect(schedule.trigger(thief))
        .to.be.revertedWithCustomError(scheduler, "SchedulerNotDue")
        .withArgs(schedule.id, schedule.plan.terms.startAt + 101 * INTERVAL);
    }
    expect((await scheduler.queryFilter(scheduler.filters.RunOrdered())).length).to.equal(1);
    const { balance } = await optimistic.accountOf(thief);
    expect((await schedule.record()).budget).to.equal(BUDGET - COST - balance);
  });

  it("cannot run before its time by an index that wraps around [T094]", async () => {
    const { scheduler, thief, schedule } = await given();
    await mine(1);
    await expect(schedule.trigger(thief)).to.be.revertedWithCustomError(scheduler, "SchedulerNotDue");
  });

  it("cannot charge a schedule for the base fee beyond what its owner pays [T094 T198]", async () => {
    const suite = await given();
    const { optimistic, stranger } = suite;
    const most = parseEther("0.01");
    const schedule = await TestSchedule.create(suite, await planOf(suite, { mostReward: most }));
    await schedule.at(0, INTERVAL - 1);
    await setNextBaseFee(100_000_000_000n);
    await schedule.trigger();
    expect((await optimistic.accountOf(stranger)).balance).to.equal(most);
  });

  it("cannot use the balance of an owner who has made no schedule, whatever it allows [T199]", async () => {
    const suite = await given();
    const { scheduler, optimistic, mandates, requester, thief } = suite;
    // The thief's own schedule of an order that the owner would pay.
    const forged = await TestSchedule.of(suite, await planOf(suite, { owner: thief.address }));
    await expect(forged.createAs(thief))
      .to.be.revertedWithCustomError(scheduler, "SchedulerWrongRequester")
      .withArgs(requester, thief);
    // The owner's fields, which only the owner can make a schedule of.
    const unmade = await TestSchedule.of(suite, await planOf(suite));
    await time.increaseTo(unmade.plan.terms.startAt);
    await expect(unmade.trigger(thief))
      .to.be.revertedWithCustomError(scheduler, "SchedulerUnknown")
      .withArgs(unmade.id);
    expect(await mandates.capOf(optimistic, requester, scheduler)).to.equal(CAP);
  });

  it("cannot send the refund of a run anywhere but to its owner, nor twice [T095]", async () => {
    const suite = await given();
    const { optimistic, requester, schedule } = suite;
    const offer = TestOffer.from(suite, await (await (await schedule.at(0)).trigger(suite.thief)).wait());
    const [{ balance: thieves }, { balance: before }] = [
      await optimistic.accountOf(suite.thief),
      await optimistic.accountOf(requester),
    ];
    await expect(offer.cancel(suite.thief))
      .to.be.revertedWithCustomError(optimistic, "MarketNotRequester")
      .withArgs(suite.thief, requester);
    await offer.missDeadline();
    await optimistic.connect(suite.thief).expire(offer.packed);
    expect((await optimistic.accountOf(requester)).balance).to.equal(before + COST);
    expect((await optimistic.accountOf(suite.thief)).balance).to.equal(thieves);
    await expect(offer.expire()).to.be.revertedWithCustomError(optimistic, "MarketWrongPhase");
  });

  it("do not let one schedule eat the budget of another one of the same owner [T095]", async () => {
    const suite = await given();
    const { scheduler, schedule } = suite;
    const reward = parseEther("0.01");
    const small = await TestSchedule.create(suite, await planOf(suite, { mostReward: reward }), COST + reward);
    await (await small.at(0)).trigger(suite.thief);
    await expect((await small.at(1)).trigger(suite.thief)).to.be.revertedWithCustomError(
      scheduler,
      "SchedulerBudgetTooSmall",
    );
    await (await schedule.at(2)).trigger();
    expect((await schedule.record()).runs).to.equal(1n);
  });
});
