import { expect } from "chai";
import { concat, keccak256, MaxUint256, parseEther, ZeroAddress } from "ethers";

import { unpackJob } from "../../packages/sdk/src/codecs/job.ts";
import { optimisticEscrowOf } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { unpackGameRules } from "../../packages/sdk/src/codecs/gameRules.ts";
import {
  keeperRewardOf,
  runNonceOf,
  type ScheduleTerms,
  ScheduleState,
  unpackSchedule,
} from "../../packages/sdk/src/codecs/schedule.ts";
import { unpackSchedulerRules } from "../../packages/sdk/src/codecs/schedulerRules.ts";
import { INPUT_URI, TestJob } from "../support/jobs.ts";
import { loadFixture, setNextBaseFee, time } from "../support/network.ts";
import { LOWEST, openOrder, TestOffer } from "../support/optimistic.ts";
import {
  BUDGET,
  CAP,
  INTERVAL,
  planOf,
  planOfDraws,
  schedulingDraws,
  scheduling,
  type Scheduling,
  SOURCED,
  TestSchedule,
} from "../support/schedules.ts";

describe("JobScheduler.trigger", () => {
  const given = () => loadFixture(scheduling);

  async function create(suite: Scheduling, changes: Partial<ScheduleTerms> = {}) {
    return TestSchedule.create(suite, await planOf(suite, changes));
  }

  /** What a keeper is to earn, as the SDK reckons it. */
  async function rewardOf(suite: Scheduling, schedule: TestSchedule, lateness: number, baseFee = 1n) {
    const { disputes, scheduler } = suite;
    return keeperRewardOf({
      schedule: unpackSchedule(schedule.packed),
      inputBytes: INPUT_URI.length,
      lateness,
      rules: unpackSchedulerRules(await scheduler.governed()),
      gameRules: unpackGameRules(await disputes.governed()),
      baseFee,
    });
  }

  context("given a schedule for one node, and its first period", () => {
    it("places the order, and pays the keeper out of the owner's balance [I39]", async () => {
      const suite = await given();
      const { scheduler, optimistic, mandates, requester, stranger } = suite;
      const schedule = await create(suite);
      const [{ balance: before }, { balance: earned }] = [
        await optimistic.accountOf(requester),
        await optimistic.accountOf(stranger),
      ];
      const transaction = await (await schedule.at(0)).trigger();
      const offer = TestOffer.from(suite, await transaction.wait());
      const cost = optimisticEscrowOf(offer.fields);
      const reward = await rewardOf(suite, schedule, 0);
      await expect(transaction)
        .to.emit(scheduler, "RunOrdered")
        .withArgs(schedule.id, offer.jobId, stranger, 0, cost, reward);
      await expect(transaction).to.emit(optimistic, "BalanceMoved").withArgs(requester, stranger, reward);
      expect(reward).to.be.greaterThan(0n);
      expect((await optimistic.accountOf(requester)).balance).to.equal(before - cost - reward);
      expect((await optimistic.accountOf(stranger)).balance).to.equal(earned + reward);
      expect(await mandates.capOf(optimistic, requester, scheduler)).to.equal(CAP - cost - reward);
      expect(await schedule.record()).to.deep.equal({
        state: ScheduleState.Active,
        nextIndex: 1n,
        runs: 1n,
        budget: BUDGET - cost - reward,
      });
    });

    it("orders what the schedule says, under a nonce of the run", async () => {
      const suite = await given();
      const schedule = await create(suite);
      const offer = TestOffer.from(suite, await (await (await schedule.at(0)).trigger()).wait());
      const { order } = schedule.plan;
      const { requester, versionId, inputRoot } = offer.packed;
      expect({ requester, versionId, inputRoot }).to.deep.equal({
        requester: order.requester,
        versionId: order.versionId,
        inputRoot: order.inputRoot,
      });
      expect(offer.fields.nonce).to.equal(runNonceOf(schedule.id, 0n));
    });

    it("orders anew, though the order says that it stands since long ago: the price begins at its lowest [T162]", async () => {
      const suite = await given();
      const since = (await time.latest()) - 1_000;
      const open = { ...openOrder(suite), node: ZeroAddress, since };
      const schedule = await TestSchedule.create(suite, await planOf(suite, {}, open));
      const offer = TestOffer.from(suite, await (await (await schedule.at(0)).trigger()).wait());
      expect(offer.fields.requestedAt).to.equal(schedule.plan.terms.startAt);
      await offer.reserve(suite.first);
      expect((await offer.record()).price).to.equal(LOWEST);
    });

    it("needs no cap for a keeper who earns nothing", async () => {
      const suite = await given();
      const { mandates, optimistic, scheduler, requester, stranger } = suite;
      const schedule = await create(suite, { mostReward: 0n });
      await mandates.connect(requester).allow(optimistic, scheduler, parseEther("2.15"));
      const before = await optimistic.accountOf(stranger);
      await expect((await schedule.at(0)).trigger()).not.to.emit(optimistic, "BalanceMoved");
      expect(await optimistic.accountOf(stranger)).to.deep.equal(before);
    });

    it("reverts one second before, and says when it is due [T094]", async () => {
      const suite = await given();
      const schedule = await create(suite);
      await expect((await schedule.at(0, -1)).trigger())
        .to.be.revertedWithCustomError(suite.scheduler, "SchedulerNotDue")
        .withArgs(schedule.id, schedule.plan.terms.startAt);
    });

    it("runs once, whoever comes [T094 I39]", async () => {
      const suite = await given();
      const { scheduler, thief } = suite;
      const schedule = await create(suite);
      await (await schedule.at(0)).trigger();
      await expect((await schedule.at(0, INTERVAL - 1)).trigger(thief))
        .to.be.revertedWithCustomError(scheduler, "SchedulerNotDue")
        .withArgs(schedule.id, schedule.plan.terms.startAt + INTERVAL);
      await (await schedule.at(1)).trigger(thief);
    });
  });

  context("given a schedule for several nodes", () => {
    it("places the order in their market, and takes what that takes", async () => {
      const suite = await loadFixture(schedulingDraws);
      const { scheduler, market, requester, stranger } = suite;
      const schedule = await TestSchedule.create(suite, await planOfDraws(suite));
      const { balance: before } = await market.accountOf(requester);
      const transaction = await (await schedule.at(0)).trigger();
      const job = TestJob.from(suite, await transaction.wait());
      expect(unpackJob(job.packed).nonce).to.equal(runNonceOf(schedule.id, 0n));
      const { balance: after } = await market.accountOf(requester);
      const { balance: reward } = await market.accountOf(stranger);
      await expect(transaction)
        .to.emit(scheduler, "RunOrdered")
        .withArgs(schedule.id, job.jobId, stranger, 0, before - after - reward, reward);
    });
  });

  context("given a keeper who comes late", () => {
    for (const [lateness, bps] of [
      [0, 5_000n],
      [1, 27_500n],
      [2, 50_000n],
      [INTERVAL - 1, 50_000n],
    ] as const) {
      it(`pays ${bps} parts in 10,000 of the gas after ${lateness} seconds`, async () => {
        const suite = await given();
        const { optimistic, stranger } = suite;
        const schedule = await create(suite);
        const { balance: before } = await optimistic.accountOf(stranger);
        await (await schedule.at(0, lateness)).trigger();
        const reward = (await optimistic.accountOf(stranger)).balance - before;
        const gas = 130_000n + 25n * BigInt(INPUT_URI.length);
        expect(reward).to.equal((gas * 1_000_000n * 30_000n * bps) / 10_000n);
        expect(reward).to.equal(await rewardOf(suite, schedule, lateness));
      });
    }

    it("reckons at the base fee where that is above the reference price", async () => {
      const suite = await given();
      const { optimistic, stranger } = suite;
      const schedule = await create(suite);
      const { balance: before } = await optimistic.accountOf(stranger);
      await schedule.at(0);
      await setNextBaseFee(3_000_000n);
      await schedule.trigger();
      const reward = (await optimistic.accountOf(stranger)).balance - before;
      expect(reward).to.equal(await rewardOf(suite, schedule, 0, 3_000_000n));
      expect(reward).to.equal(3n * (await rewardOf(suite, schedule, 0)));
    });

    it("pays no more than the owner does at most [T094]", async () => {
      const suite = await given();
      const { optimistic, stranger } = suite;
      const schedule = await create(suite, { mostReward: 17n });
      const { balance: before } = await optimistic.accountOf(stranger);
      await (await schedule.at(0, INTERVAL - 1)).trigger();
      expect((await optimistic.accountOf(stranger)).balance).to.equal(before + 17n);
    });
  });

  context("given periods in which nobody came", () => {
    it("skips them and makes up for none [T094 I39]", async () => {
      const suite = await given();
      const { scheduler } = suite;
      const schedule = await create(suite);
      await (await schedule.at(0)).trigger();
      const transaction = await (await schedule.at(7, 3)).trigger();
      await expect(transaction)
        .to.emit(scheduler, "RunOrdered")
        .withArgs(
          schedule.id,
          () => true,
          () => true,
          7,
          () => true,
          () => true,
        );
      expect(await schedule.record()).to.include({ nextIndex: 8n, runs: 2n });
      await expect((await schedule.at(7, 4)).trigger())
        .to.be.revertedWithCustomError(scheduler, "SchedulerNotDue")
        .withArgs(schedule.id, schedule.plan.terms.startAt + 8 * INTERVAL);
    });
  });

  context("given an end", () => {
    it("does not run from then on", async () => {
      const suite = await given();
      const { scheduler, requester } = suite;
      const plan = await planOf(suite);
      const endsAt = plan.terms.startAt + INTERVAL + 5;
      const schedule = await TestSchedule.of(suite, { ...plan, terms: { ...plan.terms, endsAt } });
      await schedule.createAs(requester);
      await (await schedule.at(0)).trigger();
      await (await schedule.at(1, 4)).trigger();
      await expect((await schedule.at(2)).trigger())
        .to.be.revertedWithCustomError(scheduler, "SchedulerOver")
        .withArgs(schedule.id, endsAt, 2);
    });

    it("ends in the very second", async () => {
      const suite = await given();
      const plan = await planOf(suite);
      const endsAt = plan.terms.startAt + 5;
      const schedule = await TestSchedule.create(suite, { ...plan, terms: { ...plan.terms, endsAt } });
      await expect((await schedule.at(0, 5)).trigger())
        .to.be.revertedWithCustomError(suite.scheduler, "SchedulerOver")
        .withArgs(schedule.id, endsAt, 0);
    });

    it("runs as often as it says, and no more", async () => {
      const suite = await given();
      const schedule = await create(suite, { mostRuns: 2 });
      await (await schedule.at(0)).trigger();
      await (await schedule.at(5)).trigger();
      await expect((await schedule.at(6)).trigger())
        .to.be.revertedWithCustomError(suite.scheduler, "SchedulerOver")
        .withArgs(schedule.id, 0, 2);
    });
  });

  context("given what the schedule does not say", () => {
    it("reverts for a schedule that there is not", async () => {
      const suite = await given();
      const schedule = await TestSchedule.of(suite, await planOf(suite));
      await expect((await schedule.at(0)).trigger())
        .to.be.revertedWithCustomError(suite.scheduler, "SchedulerUnknown")
        .withArgs(schedule.id);
    });

    it("reverts for another order, and names both hashes [T095]", async () => {
      const suite = await given();
      const { scheduler, stranger } = suite;
      const schedule = await create(suite);
      const order = concat([schedule.order.slice(0, -2), "0x01"]);
      await schedule.at(0);
      await expect(scheduler.connect(stranger).trigger(schedule.packed, order, schedule.input))
        .to.be.revertedWithCustomError(scheduler, "SchedulerWrongOrder")
        .withArgs(keccak256(order), schedule.packed.orderHash);
    });

    it("reverts for another input, and names both hashes", async () => {
      const suite = await given();
      const { scheduler, stranger } = suite;
      const schedule = await create(suite);
      await schedule.at(0);
      await expect(scheduler.connect(stranger).trigger(schedule.packed, schedule.order, SOURCED))
        .to.be.revertedWithCustomError(scheduler, "SchedulerWrongInput")
        .withArgs(keccak256(SOURCED), schedule.packed.inputHash);
    });

    it("reverts while it is paused, and when it has ended", async () => {
      const suite = await given();
      const { scheduler, requester } = suite;
      const schedule = await create(suite);
      await scheduler.connect(requester).setPaused(schedule.packed, true);
      await expect((await schedule.at(0)).trigger())
        .to.be.revertedWithCustomError(scheduler, "SchedulerWrongState")
        .withArgs(schedule.id, ScheduleState.Paused);
      await scheduler.connect(requester).cancel(schedule.packed);
      await expect((await schedule.at(1)).trigger())
        .to.be.revertedWithCustomError(scheduler, "SchedulerWrongState")
        .withArgs(schedule.id, ScheduleState.Ended);
    });
  });

  context("given money that does not suffice", () => {
    it("reverts above the most that an order may take, and leaves the period open [T095]", async () => {
      const suite = await given();
      const { scheduler, optimistic, requester } = suite;
      const cost = parseEther("2.15"); // price, fee and royalty
      const schedule = await create(suite, { mostCost: cost - 1n });
      const before = await optimistic.accountOf(requester);
      await expect((await schedule.at(0)).trigger())
        .to.be.revertedWithCustomError(scheduler, "SchedulerCostTooHigh")
        .withArgs(schedule.id, cost, cost - 1n);
      expect(await optimistic.accountOf(requester)).to.deep.equal(before);
      expect(await schedule.record()).to.include({ nextIndex: 0n, runs: 0n, budget: BUDGET });
    });

    it("reverts where the budget does not pay for order and keeper, to the last unit", async () => {
      const suite = await given();
      const { scheduler, requester } = suite;
      const probe = await create(suite);
      const needed = parseEther("2.15") + (await rewardOf(suite, probe, 0));
      const schedule = await TestSchedule.create(suite, await planOf(suite), needed - 1n);
      await expect((await schedule.at(0)).trigger())
        .to.be.revertedWithCustomError(scheduler, "SchedulerBudgetTooSmall")
        .withArgs(schedule.id, needed - 1n, needed);
      await scheduler.connect(requester).topUp(schedule.packed, 1n);
      await (await schedule.at(1)).trigger();
      expect((await schedule.record()).budget).to.equal(0n);
    });

    it("reverts where the owner's cap, or its balance, is used up, and can run when it is not", async () => {
      const suite = await given();
      const { mandates, optimistic, scheduler, requester, deployer } = suite;
      const schedule = await create(suite);
      const cost = parseEther("2.15");
      await mandates.connect(requester).allow(optimistic, scheduler, cost - 1n);
      await expect((await schedule.at(0)).trigger())
        .to.be.revertedWithCustomError(mandates, "MandateCapTooLow")
        .withArgs(optimistic, requester, scheduler, cost - 1n, cost);
      // Order and no keeper.
      await mandates.connect(requester).allow(optimistic, scheduler, cost);
      await expect((await schedule.at(0, 20)).trigger())
        .to.be.revertedWithCustomError(mandates, "MandateCapTooLow")
        .withArgs(optimistic, requester, scheduler, 0, await rewardOf(suite, schedule, 20));

      await mandates.connect(requester).allow(optimistic, scheduler, MaxUint256);
      const { balance } = await optimistic.accountOf(requester);
      await optimistic.connect(requester).withdraw(requester, balance);
      await expect((await schedule.at(1)).trigger())
        .to.be.revertedWithCustomError(optimistic, "LedgerInsufficientBalance")
        .withArgs(requester, 0, cost);
      expect(await schedule.record()).to.include({ nextIndex: 0n, runs: 0n, budget: BUDGET });

      await suite.token.connect(deployer).approve(optimistic, parseEther("100"));
      await optimistic.connect(deployer).deposit(requester, parseEther("100"));
      await (await schedule.at(2)).trigger();
      expect(await schedule.record()).to.include({ nextIndex: 3n, runs: 1n });
    });

    it("reverts where the royalty rises above what the order accepts, and can run when it falls", async () => {
      const suite = await given();
      const { registry, publisher, model } = suite;
      const plan = await planOf(suite, {}, { maxRoyalty: parseEther("0.1") });
      const schedule = await TestSchedule.create(suite, plan);
      await registry.connect(publisher).setRoyalty(model, parseEther("0.2"));
      await expect((await schedule.at(0)).trigger())
        .to.be.revertedWithCustomError(suite.optimistic, "MarketRoyaltyTooHigh")
        .withArgs(parseEther("0.2"), parseEther("0.1"));
      await registry.connect(publisher).setRoyalty(model, parseEther("0.1"));
      await (await schedule.at(1)).trigger();
      expect(await schedule.record()).to.include({ nextIndex: 2n, runs: 1n });
    });
  });

  it("costs the same however many schedules there are", async () => {
    const suite = await given();
    const few = await create(suite);
    const gasOf = async (schedule: TestSchedule, index: number) =>
      (await (await (await schedule.at(index)).trigger()).wait())?.gasUsed ?? 0n;
    await gasOf(few, 0);
    const first = await gasOf(few, 1);
    for (let i = 0; i < 10; ++i) await (await create(suite)).at(0).then((schedule) => schedule.trigger());
    const last = await gasOf(few, 40);
    // A byte of calldata or of a balance may be zero.
    expect(Math.abs(Number(last - first))).to.be.below(100);
  });
});
