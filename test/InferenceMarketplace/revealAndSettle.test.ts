import { expect } from "chai";
import { ZeroHash } from "ethers";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { only } from "../support/actors.ts";
import { ROYALTY, servedByThree } from "../support/fixtures.ts";
import { all, each, PRICE, RIGHT, SALT, seatsOf, TestJob, WRONG } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";

/** A job that two have sealed, of whom the first has revealed. */
async function halfRevealed(auditBps = 0) {
  const suite = await loadFixture(servedByThree);
  const job = await (await TestJob.request(suite, { auditBps })).open();
  const seats = suite.nodes.slice(0, 2);
  await job.answer(each(seats, [RIGHT, null]));
  return { ...suite, suite, job, seats, last: only(seats.slice(1)) };
}

describe("InferenceMarketplace.revealAndSettle", () => {
  context("given the last reveal of a job that ends with it", () => {
    it("reveals and settles at once, whoever sends it", async () => {
      const { market, commitments, thief, job, seats, last } = await halfRevealed();
      const fee = job.feeOf(2n * PRICE);
      const refund = job.escrow - 2n * PRICE - fee - ROYALTY;
      await expect(market.connect(thief).revealAndSettle(job.packed, last.node, RIGHT, SALT, seatsOf(seats)))
        .to.emit(commitments, "ResultRevealed")
        .withArgs(await job.roundId(), last.node, RIGHT)
        .and.to.emit(market, "JobSettled")
        .withArgs(job.jobId, JobState.Agreed, RIGHT, refund, fee, ROYALTY, 2n * PRICE, 0n);
      expect(await job.state()).to.equal(JobState.Agreed);
    });

    context("when the output is not the sealed one", () => {
      it("reverts and names both entries [T041 I34]", async () => {
        const { market, commitments, job, seats, last } = await halfRevealed();
        const round = await job.roundId();
        const entry = await commitments.entryOf(round, last.node);
        // The kind of an entry stands in its lowest byte; 1 is a seal.
        const given = (await job.seal(last, WRONG)).slice(0, 64) + entry.slice(64);
        await expect(market.connect(last.signer).revealAndSettle(job.packed, last.node, WRONG, SALT, seatsOf(seats)))
          .to.be.revertedWithCustomError(commitments, "CommitmentsMismatch")
          .withArgs(round, last.node, given, entry);
      });
    });

    context("when there is no salt", () => {
      it("reverts and names round and node", async () => {
        const { market, commitments, job, seats, last } = await halfRevealed();
        await expect(
          market.connect(last.signer).revealAndSettle(job.packed, last.node, RIGHT, ZeroHash, seatsOf(seats)),
        )
          .to.be.revertedWithCustomError(commitments, "CommitmentsZeroReveal")
          .withArgs(await job.roundId(), last.node);
      });
    });
  });

  context("given somebody who has yet to reveal", () => {
    it("reverts, and with it the reveal", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, policy, commitments } = suite;
      const job = await (await TestJob.request(suite)).open();
      const seats = suite.nodes.slice(0, 2);
      await job.answer(all(seats, null));
      const first = only(seats.slice(0, 1));
      await expect(market.connect(first.signer).revealAndSettle(job.packed, first.node, RIGHT, SALT, seatsOf(seats)))
        .to.be.revertedWithCustomError(policy, "PolicyNotFinal")
        .withArgs(job.jobId, JobState.Open, JobState.Open);
      expect(await commitments.hasStated(await job.roundId(), first.node, RIGHT)).to.equal(false);
    });
  });

  context("given a job that may be audited", () => {
    it("reverts, because its coin is tossed later", async () => {
      const { market, policy, job, seats, last } = await halfRevealed(1);
      await expect(market.connect(last.signer).revealAndSettle(job.packed, last.node, RIGHT, SALT, seatsOf(seats)))
        .to.be.revertedWithCustomError(policy, "PolicyNotFinal")
        .withArgs(job.jobId, JobState.Open, JobState.Open);
    });
  });

  context("given an audit", () => {
    it("reveals in the audit's round, and ends the job", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, commitments } = suite;
      const job = await (await TestJob.request(suite, { auditBps: 10_000 })).open();
      const [seats, auditors] = [suite.nodes.slice(0, 2), suite.nodes.slice(2)];
      const auditor = only(auditors);
      await job.answer(all(seats));
      await job.beginNext(seats);
      await job.answer(all(auditors, null), 1);
      await expect(
        market.connect(auditor.signer).revealAndSettle(job.packed, auditor.node, RIGHT, SALT, seatsOf(seats, auditors)),
      )
        .to.emit(commitments, "ResultRevealed")
        .withArgs(await job.roundId(1), auditor.node, RIGHT);
      expect(await job.state()).to.equal(JobState.Agreed);
    });
  });

  context("given a node that has not sealed, or a job that is final", () => {
    it("reverts and names them", async () => {
      const { market, commitments, job, seats, nodes, last } = await halfRevealed();
      const third = only(nodes.slice(2));
      await expect(market.connect(third.signer).revealAndSettle(job.packed, third.node, RIGHT, SALT, seatsOf(seats)))
        .to.be.revertedWithCustomError(commitments, "CommitmentsNothingSealed")
        .withArgs(await job.roundId(), third.node);
      await market.connect(last.signer).revealAndSettle(job.packed, last.node, RIGHT, SALT, seatsOf(seats));
      await expect(market.connect(last.signer).revealAndSettle(job.packed, last.node, RIGHT, SALT, seatsOf(seats)))
        .to.be.revertedWithCustomError(market, "MarketWrongState")
        .withArgs(job.jobId, JobState.Agreed);
    });
  });
});
