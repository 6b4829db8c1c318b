import { expect } from "chai";
import { ZeroHash } from "ethers";

import { jobId, JobState } from "../../packages/sdk/src/codecs/job.ts";
import { only } from "../support/actors.ts";
import { LOCK_PERIOD, ROYALTY, servedByThree } from "../support/fixtures.ts";
import { all, each, PRICE, RIGHT, seatsOf, TestJob } from "../support/jobs.ts";
import { changesSince, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";
import { chainId } from "../support/payments.ts";

/** A job on which two of three nodes agreed. */
async function agreed() {
  const suite = await loadFixture(servedByThree);
  const job = await (await TestJob.request(suite)).open();
  const seats = suite.nodes.slice(0, 2);
  await job.answer(all(seats));
  return { ...suite, suite, job, seats };
}

describe("InferenceMarketplace.settle", () => {
  context("given a job that can end", () => {
    it("lets anyone end it, and says what everybody got [I09 I10]", async () => {
      const { job, seats, market, version } = await agreed();
      const fee = job.feeOf(2n * PRICE);
      await expect(job.settle(seats))
        .to.emit(market, "JobSettled")
        .withArgs(
          job.jobId,
          JobState.Agreed,
          RIGHT,
          job.escrow - 2n * PRICE - fee - ROYALTY,
          fee,
          ROYALTY,
          2n * PRICE,
          0n,
        );
      expect(await job.state()).to.equal(JobState.Agreed);
      for (const { node } of seats) expect((await market.servingOf(node, version)).earned).to.equal(PRICE);
    });

    it("remembers when that was", async () => {
      const { job, seats } = await agreed();
      const now = (await time.latest()) + 7;
      await time.setNextBlockTimestamp(now);
      await job.settle(seats);
      expect((await job.record()).startedAt).to.equal(now);
    });

    context("when the seats are not exactly those who sealed", () => {
      it("reverts and names how many were given and expected", async () => {
        const { job, nodes, seats, policy } = await agreed();
        await expect(job.settle(nodes))
          .to.be.revertedWithCustomError(policy, "PolicyWrongSeats")
          .withArgs(job.jobId, 3, 2);
        await expect(job.settle(seats.slice(1)))
          .to.be.revertedWithCustomError(policy, "PolicyWrongSeats")
          .withArgs(job.jobId, 1, 2);
      });

      it("reverts and names who has not sealed, or is out of order, or twice there", async () => {
        const { job, nodes, seats, market, commitments, thief } = await agreed();
        const round = await job.roundId();
        const [first, second] = seatsOf(seats);
        const [, , third] = seatsOf(nodes);
        for (const [given, named] of [
          [[first, third], third],
          [[second, first], first],
          [[second, second], second],
        ] as [string[], string][]) {
          await expect(market.connect(thief).settle(job.packed, given))
            .to.be.revertedWithCustomError(commitments, "CommitmentsNotSealed")
            .withArgs(round, named);
        }
      });
    });

    context("when it was settled before", () => {
      it("reverts and names its state [T082 I07]", async () => {
        const { job, seats, market } = await agreed();
        await job.settle(seats);
        await expect(job.settle(seats))
          .to.be.revertedWithCustomError(market, "MarketWrongState")
          .withArgs(job.jobId, JobState.Agreed);
      });
    });
  });

  context("given a job that waits for reveals", () => {
    it("reverts and says that nothing is due", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await (await TestJob.request(suite)).open();
      const seats = suite.nodes.slice(0, 2);
      for (const node of seats) await job.commit(node);
      await job.endSealing();
      await expect(job.settle(seats))
        .to.be.revertedWithCustomError(suite.policy, "PolicyNotFinal")
        .withArgs(job.jobId, JobState.Open, JobState.Open);
    });
  });

  context("given a job that leads to an audit", () => {
    it("reverts and names it", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await (await TestJob.request(suite, { auditBps: 10_000 })).open();
      const seats = suite.nodes.slice(0, 2);
      await job.answer(all(seats));
      await expect(job.settle(seats))
        .to.be.revertedWithCustomError(suite.policy, "PolicyNotFinal")
        .withArgs(job.jobId, JobState.Open, JobState.Open);
    });
  });

  context("given a job that nobody answered", () => {
    it("reverts and names the way out, which is another call", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await (await TestJob.request(suite)).open();
      await time.increase(60);
      await expect(job.settle())
        .to.be.revertedWithCustomError(suite.market, "MarketNotDue")
        .withArgs(job.jobId, JobState.Open, JobState.Unanswered);
    });
  });

  context("given fields that no job has", () => {
    it("reverts and names their hash [T083]", async () => {
      const { job, seats, market, thief } = await agreed();
      const forged = { ...job.packed, requester: job.packed.royalty };
      await expect(market.connect(thief).settle(forged, seatsOf(seats)))
        .to.be.revertedWithCustomError(market, "MarketUnknownJob")
        .withArgs(jobId(await chainId(), await market.getAddress(), forged));
    });
  });

  context("given a silent node whose lock has ended and was released", () => {
    it("takes what is there, which is nothing, and ends all the same [T036 T037 I15]", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, staking, version, nodes, stranger } = suite;
      const job = await (await TestJob.request(suite)).open();
      const seats = nodes.slice(0, 2);
      const [right, silent] = [only(seats.slice(0, 1)), only(seats.slice(1))];
      await job.answer(each(seats, [RIGHT, null]));
      await time.increase(LOCK_PERIOD);
      await staking.connect(stranger).release(silent.node, market, version);
      const before = await ledgerOf(suite);

      await expect(job.settle(seats))
        .to.emit(market, "JobSettled")
        .withArgs(job.jobId, JobState.Unrevealed, ZeroHash, job.escrow, 0n, 0n, 0n, 0n);
      const collateral = 8n * PRICE;
      expect(await changesSince(before, suite)).to.deep.equal({
        requester: job.escrow,
        "node 0 used": -collateral,
        "node 0 free": collateral,
        "node 1 used": -collateral,
      });
      expect((await market.servingOf(right.node, version)).earned).to.equal(0n);
    });
  });
});
