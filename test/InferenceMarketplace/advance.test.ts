import { expect } from "chai";

import { drawSeed } from "../../packages/sdk/src/codecs/draw.ts";
import { JobState, packOrder } from "../../packages/sdk/src/codecs/job.ts";
import { OWN_STAKE, servedByNine, servedByThree } from "../support/fixtures.ts";
import { all, each, INPUT_URI, orderOf, OTHER, RIGHT, seatsOf, TestJob, WRONG } from "../support/jobs.ts";
import { ethers, loadFixture, mine, mineAtOnce, time } from "../support/network.ts";

const hashOf = async (block: number) => (await ethers.provider.getBlock(block))?.hash ?? "";

describe("InferenceMarketplace.advance", () => {
  context("given a job without a seed", () => {
    it("records the hash of its block, mixed with the job and the draw [T047]", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await (await TestJob.request(suite)).open();
      const { seedBlock } = await job.record();
      const seed = drawSeed(await hashOf(seedBlock), job.jobId, JobState.Open);
      await expect(job.advance()).to.emit(suite.market, "SeedRecorded").withArgs(job.jobId, seed);
      expect((await job.record()).seed).to.equal(seed);
    });

    it("reverts in the seed's block, whose hash is not known", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await TestJob.request(suite);
      const { seedBlock, startedAt } = await job.record();
      await mine(1);
      await expect(job.advance())
        .to.be.revertedWithCustomError(suite.market, "MarketSealingNotOpen")
        .withArgs(job.jobId, seedBlock, startedAt);
    });

    it("reverts when the time for it is over, to the second [T048 T059]", async () => {
      const suite = await loadFixture(servedByThree);
      const [first, second] = [await TestJob.request(suite), await TestJob.request(suite)];
      await mineAtOnce(3);
      await time.setNextBlockTimestamp(first.fields.requestedAt + 19);
      await first.advance();
      await time.setNextBlockTimestamp(second.fields.requestedAt + 20);
      await expect(second.advance())
        .to.be.revertedWithCustomError(suite.market, "MarketSeedMissed")
        .withArgs(second.jobId, second.fields.requestBlock + 2);
    });

    it("never gives two jobs of one block the same seed", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, requester } = suite;
      const order = () => market.interface.encodeFunctionData("request", [packOrder(orderOf(suite)), INPUT_URI]);
      const both = await market.connect(requester).multicall([order(), order()]);
      const jobs = TestJob.every(suite, await both.wait());
      await mine(3);
      const seeds = new Set<bigint>();
      for (const job of jobs) {
        await job.advance();
        seeds.add((await job.record()).seed);
      }
      expect(seeds.size).to.equal(2);
    });
  });

  context("given a draw that is sealing or revealing", () => {
    it("reverts and says that nothing is due", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await (await TestJob.request(suite)).open();
      await job.advance();
      await expect(job.advance())
        .to.be.revertedWithCustomError(suite.market, "MarketNotDue")
        .withArgs(job.jobId, JobState.Open, JobState.Open);
    });
  });

  context("given a job that can only end", () => {
    it("reverts and names how: nobody answered", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await (await TestJob.request(suite)).open();
      await job.advance();
      await time.increase(60);
      await expect(job.advance())
        .to.be.revertedWithCustomError(suite.market, "MarketNotDue")
        .withArgs(job.jobId, JobState.Open, JobState.Unanswered);
    });

    it("reverts and names how: all agree", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await (await TestJob.request(suite)).open();
      const seats = suite.nodes.slice(0, 2);
      await job.answer(all(seats));
      await expect(job.advance(seats))
        .to.be.revertedWithCustomError(suite.market, "MarketNotDue")
        .withArgs(job.jobId, JobState.Open, JobState.Agreed);
    });
  });

  context("given an agreement that is audited", () => {
    async function agreed() {
      const suite = await loadFixture(servedByThree);
      const job = await (await TestJob.request(suite, { auditBps: 10_000 })).open();
      const seats = suite.nodes.slice(0, 2);
      await job.answer(all(seats));
      return { suite, job, seats };
    }

    it("waits for the block two after the last reveal, whose hash seeds the audit", async () => {
      const { suite, job, seats } = await agreed();
      const { lastRevealBlock } = await job.round();
      await mine(1);
      await expect(job.advance(seats))
        .to.be.revertedWithCustomError(suite.market, "MarketNotDue")
        .withArgs(job.jobId, JobState.Open, JobState.Open);

      await mine(1);
      const advanced = await job.advance(seats);
      const seed = drawSeed(await hashOf(lastRevealBlock + 2), job.jobId, JobState.Audit);
      await expect(advanced)
        .to.emit(suite.market, "DrawStarted")
        .withArgs(job.jobId, JobState.Audit, seed, 2n * OWN_STAKE);
      const block = await ethers.provider.getBlock(Number(advanced.blockNumber));
      const { state, seed: stored, startedAt, seedBlockFixed } = await job.record();
      expect([state, stored, startedAt, seedBlockFixed]).to.deep.equal([JobState.Audit, seed, block?.timestamp, false]);
      const [, satWeight] = await suite.market.jobOf(job.jobId);
      expect(satWeight).to.equal(2n * OWN_STAKE);
    });

    it("reverts unless the seats are exactly those who sealed", async () => {
      const { suite, job, seats } = await agreed();
      await mine(3);
      const [first, second, third] = seatsOf(suite.nodes);
      if (first === undefined || second === undefined || third === undefined) throw new Error("three nodes serve");
      const advance = (...nodes: string[]) => suite.market.connect(suite.thief).advance(job.packed, nodes);
      const { policy, commitments } = suite;
      await expect(advance(first)).to.be.revertedWithCustomError(policy, "PolicyWrongSeats").withArgs(job.jobId, 1, 2);
      await expect(advance(first, second, third))
        .to.be.revertedWithCustomError(policy, "PolicyWrongSeats")
        .withArgs(job.jobId, 3, 2);
      const round = await job.roundId();
      await expect(advance(first, third))
        .to.be.revertedWithCustomError(commitments, "CommitmentsNotSealed")
        .withArgs(round, third);
      await expect(advance(second, first))
        .to.be.revertedWithCustomError(commitments, "CommitmentsNotSealed")
        .withArgs(round, first);
      await expect(advance(first, first))
        .to.be.revertedWithCustomError(commitments, "CommitmentsNotSealed")
        .withArgs(round, first);
      expect(seats).to.have.length(2);
    });
  });

  context("given a disagreement in which somebody is silent", () => {
    async function silent() {
      const suite = await loadFixture(servedByThree);
      const job = await (await TestJob.request(suite)).open();
      await job.answer(each(suite.nodes, [RIGHT, WRONG, null]));
      await job.endRevealing();
      return { suite, job };
    }

    it("fixes a block for the seed, once, and begins the appeal by it", async () => {
      const { suite, job } = await silent();
      const fixed = await job.advance();
      const seedBlock = Number(fixed.blockNumber) + 2;
      await expect(fixed).to.emit(suite.market, "SeedBlockFixed").withArgs(job.jobId, seedBlock);
      await expect(job.advance())
        .to.be.revertedWithCustomError(suite.market, "MarketNotDue")
        .withArgs(job.jobId, JobState.Open, JobState.Open);
      expect((await job.record()).seedBlock).to.equal(seedBlock);

      await mine(2);
      const advanced = job.advance(suite.nodes);
      await advanced;
      const seed = drawSeed(await hashOf(seedBlock), job.jobId, JobState.Appeal);
      await expect(advanced)
        .to.emit(suite.market, "DrawStarted")
        .withArgs(job.jobId, JobState.Appeal, seed, 3n * OWN_STAKE);
    });

    it("does not fix one when the time for it is over, to the second [T048]", async () => {
      const { suite, job } = await silent();
      const { sealEndsAt, revealPeriod } = await job.round();
      await time.setNextBlockTimestamp(sealEndsAt + revealPeriod + 20);
      await expect(job.advance(suite.nodes))
        .to.be.revertedWithCustomError(suite.market, "MarketNotDue")
        .withArgs(job.jobId, JobState.Open, JobState.Undecided);
    });
  });

  context("given an appeal", () => {
    it("reverts and names what it leads to, because nothing follows it", async () => {
      const suite = await loadFixture(servedByNine);
      const job = await (await TestJob.request(suite, { quorum: 6 })).open();
      const [seats, fresh] = [suite.nodes.slice(0, 6), suite.nodes.slice(6)];
      await job.answer(each(seats, [RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, WRONG]));
      await job.beginNext(seats);
      await job.answer(each(fresh, [RIGHT, WRONG, OTHER]), 2);
      await expect(job.advance(seats, fresh))
        .to.be.revertedWithCustomError(suite.market, "MarketNotDue")
        .withArgs(job.jobId, JobState.Appeal, JobState.Undecided);
    });
  });

  context("given a job that is final", () => {
    it("reverts and names its state [I07]", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await TestJob.request(suite);
      await suite.market.connect(suite.requester).cancel(job.packed);
      await expect(job.advance())
        .to.be.revertedWithCustomError(suite.market, "MarketWrongState")
        .withArgs(job.jobId, JobState.Cancelled);
    });
  });
});
