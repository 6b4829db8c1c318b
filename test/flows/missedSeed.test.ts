import { expect } from "chai";
import { ZeroHash } from "ethers";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { ROYALTY, servedByNine, servedByThree } from "../support/fixtures.ts";
import { all, each, PRICE, RIGHT, TestJob, WRONG } from "../support/jobs.ts";
import { changesSince, earningsOf, expectConserved, ledgerOf } from "../support/ledger.ts";
import { loadFixture, mineAtOnce, time } from "../support/network.ts";

/** Blocks after which the chain has forgotten a hash. */
const FORGOTTEN = 260;
const SEED_PERIOD = 20;

describe("A job whose seed nobody records", () => {
  context("given the seed of the first draw", () => {
    it("is refunded and never drawn by a later block [T048]", async () => {
      const suite = await loadFixture(servedByThree);
      const before = await ledgerOf(suite);
      const job = await TestJob.request(suite);
      const { seedBlock } = await job.record();
      await time.increase(SEED_PERIOD);

      await expect(job.advance())
        .to.be.revertedWithCustomError(suite.market, "MarketSeedMissed")
        .withArgs(job.jobId, seedBlock);
      for (const node of suite.nodes.slice(0, 1)) {
        await expect(job.commit(node))
          .to.be.revertedWithCustomError(suite.market, "MarketSeedMissed")
          .withArgs(job.jobId, seedBlock);
      }
      // Long before the last sealing step ends.
      await expect(job.expire())
        .to.emit(suite.market, "JobSettled")
        .withArgs(job.jobId, JobState.Unanswered, ZeroHash, job.escrow, 0n, 0n, 0n, 0n);
      expect(await changesSince(before, suite)).to.deep.equal({});
    });

    it("is missed as well when the chain forgot the block within the time for it", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await TestJob.request(suite);
      const { seedBlock } = await job.record();
      await mineAtOnce(FORGOTTEN);
      await expect(job.advance())
        .to.be.revertedWithCustomError(suite.market, "MarketSeedMissed")
        .withArgs(job.jobId, seedBlock);
      await job.expire();
      expect(await job.state()).to.equal(JobState.Unanswered);
    });
  });

  context("given the seed that decides on an audit", () => {
    it("is paid as agreed, without an audit", async () => {
      const suite = await loadFixture(servedByThree);
      const before = await ledgerOf(suite);
      const job = await (await TestJob.request(suite, { auditBps: 10_000 })).open();
      const seats = suite.nodes.slice(0, 2);
      await job.answer(all(seats));
      await mineAtOnce(FORGOTTEN);
      await expect(job.advance(seats))
        .to.be.revertedWithCustomError(suite.market, "MarketNotDue")
        .withArgs(job.jobId, JobState.Open, JobState.Agreed);
      await job.settle(seats);

      const fee = job.feeOf(2n * PRICE);
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        requester: -2n * PRICE - fee - ROYALTY,
        fees: fee,
        publisher: ROYALTY,
        ...earningsOf([0, 1], PRICE),
      });
      expectConserved(changes);
    });
  });

  context("given the seed of an appeal", () => {
    it("has no result, for half a price to each reveal", async () => {
      const suite = await loadFixture(servedByThree);
      const before = await ledgerOf(suite);
      const job = await (await TestJob.request(suite)).open();
      const seats = suite.nodes.slice(0, 2);
      await job.answer(each(seats, [RIGHT, WRONG]));
      await mineAtOnce(FORGOTTEN);
      await job.settle(seats);

      expect(await job.state()).to.equal(JobState.Undecided);
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({ requester: -PRICE, ...earningsOf([0, 1], PRICE / 2n) });
      expectConserved(changes);
    });
  });

  context("given an appeal whose seed block must be fixed first", () => {
    /** Six of seven reveal, and one of them lies. */
    async function fixable() {
      const suite = await loadFixture(servedByNine);
      const before = await ledgerOf(suite);
      const job = await (await TestJob.request(suite, { quorum: 6 })).open();
      const seats = suite.nodes.slice(0, 7);
      await job.answer(each(seats, [RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, WRONG, null]));
      await job.endRevealing();
      return { suite, before, job, seats };
    }

    it("has no result if nobody fixes one in time, and the silent keep their stake", async () => {
      const { suite, before, job, seats } = await fixable();
      await time.increase(SEED_PERIOD);
      await job.settle(seats);

      expect(await job.state()).to.equal(JobState.Undecided);
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({ requester: -3n * PRICE, ...earningsOf([0, 1, 2, 3, 4, 5], PRICE / 2n) });
      expectConserved(changes);
    });

    it("has no result if the block that was fixed is forgotten, and cannot have another", async () => {
      const { suite, job, seats } = await fixable();
      await job.advance(seats);
      await mineAtOnce(FORGOTTEN);
      await expect(job.advance(seats))
        .to.be.revertedWithCustomError(suite.market, "MarketNotDue")
        .withArgs(job.jobId, JobState.Open, JobState.Undecided);
      await job.settle(seats);
      expect(await job.state()).to.equal(JobState.Undecided);
    });
  });
});
