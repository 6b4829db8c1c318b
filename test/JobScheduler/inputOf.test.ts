import { expect } from "chai";
import { encodeBytes32String, hexlify, id, MaxUint256, ZeroHash } from "ethers";

import type { ScheduleTerms } from "../../packages/sdk/src/codecs/schedule.ts";
import { only } from "../support/actors.ts";
import { TestJob } from "../support/jobs.ts";
import { ethers, loadFixture } from "../support/network.ts";
import { TestOffer } from "../support/optimistic.ts";
import {
  BUDGET,
  Mood,
  planOf,
  planOfDraws,
  scheduling,
  schedulingDraws,
  SOURCED,
  TestSchedule,
} from "../support/schedules.ts";

const GAS = 100_000;

const INPUT_ROOT = id("sourced input");

describe("JobScheduler, asking IInputSource.inputOf", () => {
  async function sourced(changes: Partial<ScheduleTerms> = {}) {
    const suite = await loadFixture(scheduling);
    const { source } = suite;
    await source.give(INPUT_ROOT, SOURCED);
    const schedule = await TestSchedule.create(
      suite,
      await planOf(suite, { source: await source.getAddress(), sourceGas: GAS, ...changes }),
    );
    return { ...suite, schedule };
  }

  it("orders what it gives, and pays the keeper for asking", async () => {
    const suite = await sourced();
    const { optimistic, stranger, schedule } = suite;
    const { balance: before } = await optimistic.accountOf(stranger);
    const transaction = await (await schedule.at(0)).trigger();
    const offer = TestOffer.from(suite, await transaction.wait());
    expect(offer.packed.inputRoot).to.equal(INPUT_ROOT);
    await expect(transaction)
      .to.emit(optimistic, "JobOffered")
      .withArgs(
        () => true,
        () => true,
        () => true,
        () => true,
        hexlify(SOURCED),
      );
    const gas = 130_000n + BigInt(GAS) + 25n * BigInt(SOURCED.length);
    const { balance } = await optimistic.accountOf(stranger);
    expect(balance - before).to.equal((gas * 1_000_000n * 30_000n * 5_000n) / 10_000n);
  });

  for (const mood of ["Reverts", "BurnsGas", "ReturnsMuch"] as const) {
    it(`reverts where it misbehaves (${mood}), and leaves the schedule usable [T195]`, async () => {
      const suite = await sourced();
      const { scheduler, source, schedule } = suite;
      await source.setMood(Mood[mood]);
      await expect((await schedule.at(0)).trigger())
        .to.be.revertedWithCustomError(scheduler, "SchedulerSourceFailed")
        .withArgs(schedule.id, source);
      await source.setMood(Mood.Fair);
      await (await schedule.at(0, 50)).trigger();
    });
  }

  it("reverts where it gives nonsense", async () => {
    const suite = await sourced();
    const { source, schedule } = suite;
    await source.setMood(Mood.ReturnsNonsense);
    await expect((await schedule.at(0)).trigger()).to.be.revertedWithoutReason(ethers);
    expect(await schedule.record()).to.include({ nextIndex: 0n, runs: 0n, budget: BUDGET });
  });

  it("reverts where it gives no root, though the order has one", async () => {
    const suite = await sourced();
    const { source, optimistic, schedule } = suite;
    await source.give(ZeroHash, SOURCED);
    await expect((await schedule.at(0)).trigger())
      .to.be.revertedWithCustomError(optimistic, "MarketTermOutOfBounds")
      .withArgs(encodeBytes32String("inputRoot"), 0, 1, MaxUint256);
  });

  it("reverts where it has no code", async () => {
    const suite = await loadFixture(scheduling);
    const schedule = await TestSchedule.create(
      suite,
      await planOf(suite, { source: suite.thief.address, sourceGas: GAS }),
    );
    await expect((await schedule.at(0)).trigger())
      .to.be.revertedWithCustomError(suite.scheduler, "SchedulerSourceFailed")
      .withArgs(schedule.id, suite.thief);
  });

  it("does not let a keeper choose the input by bringing little gas [T196]", async () => {
    // Gives another input where it gets less than 400,000 gas.
    const { source, scheduler, optimistic, stranger, schedule } = await sourced({ sourceGas: 500_000 });
    await source.setMood(Mood.SwallowsWant);
    await schedule.at(0);
    const { packed, order, input } = schedule;
    const keeper = scheduler.connect(stranger);
    await expect(keeper.trigger(packed, order, input, { gasLimit: 420_000 })).to.be.revertedWithCustomError(
      scheduler,
      "CallbackGasTooLow",
    );
    await schedule.at(0, 1);
    await expect(keeper.trigger(packed, order, input, { gasLimit: 1_000_000 })).to.emit(optimistic, "JobOffered");
    const { args } = only(await optimistic.queryFilter(optimistic.filters.JobOffered(), "latest"));
    expect(args.input).to.equal(hexlify(SOURCED));
  });

  it("takes the longest input that a market takes, and leaves a longer one to the market to refuse", async () => {
    const suite = await sourced({ sourceGas: 1_000_000 });
    const { source, optimistic, schedule } = suite;
    const most = await optimistic.MOST_INPUT_BYTES();
    for (const [index, length] of [
      [0, most],
      [1, most + 1n],
    ] as const) {
      await source.give(INPUT_ROOT, new Uint8Array(Number(length)), { gasLimit: 16_000_000 });
      const run = (await schedule.at(index)).trigger();
      if (length === most) await expect(run).to.emit(optimistic, "JobOffered");
      else
        await expect(run)
          .to.be.revertedWithCustomError(optimistic, "MarketTermOutOfBounds")
          .withArgs(encodeBytes32String("input"), length, 1, most);
    }
  });

  it("is asked for orders of several nodes, too, and their callback told", async () => {
    const suite = await loadFixture(schedulingDraws);
    const { source, scheduler } = suite;
    const callback = await source.getAddress();
    await source.give(INPUT_ROOT, SOURCED);
    const plan = await planOfDraws(
      suite,
      { source: callback, sourceGas: GAS, noticeGas: GAS },
      { callback, callbackGas: 100_000 },
    );
    const schedule = await TestSchedule.create(suite, plan);
    const transaction = await (await schedule.at(2)).trigger();
    const job = TestJob.from(suite, await transaction.wait());
    expect(job.packed.inputRoot).to.equal(INPUT_ROOT);
    await expect(transaction).to.emit(source, "Noted").withArgs(scheduler, schedule.id, 2, job.jobId);
  });
});
