import { expect } from "chai";

import { RevealFault } from "../../packages/sdk/src/codecs/commitment.ts";
import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { nth } from "../support/actors.ts";
import { ROYALTY, servedByThree } from "../support/fixtures.ts";
import { PRICE, RIGHT, seatsOf, TestJob, WRONG } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";

/** A job that three nodes have sealed through a relayer, at the end of sealing. */
async function sealedByThree(auditBps = 0) {
  const suite = await loadFixture(servedByThree);
  const job = await (await TestJob.request(suite, { quorum: 3, auditBps })).open();
  await suite.relay.connect(suite.thief).sealMany(job.packed, await job.signSeals(suite.nodes));
  await job.endSealing();
  return { ...suite, suite, job, reveals: suite.nodes.map((node) => job.shows(node)), seats: seatsOf(suite.nodes) };
}

describe("JobRelay.revealAndSettle", () => {
  context("given what all have sealed, and all agree", () => {
    it("reveals and settles at once, whoever sends", async () => {
      const { relay, market, commitments, thief, job, nodes, reveals, seats } = await sealedByThree();
      const fee = job.feeOf(3n * PRICE);
      const refund = job.escrow - 3n * PRICE - fee - ROYALTY;
      const roundId = await job.roundId();
      const transaction = relay.connect(thief).revealAndSettle(job.packed, roundId, reveals, seats);
      await expect(transaction)
        .to.emit(market, "JobSettled")
        .withArgs(job.jobId, JobState.Agreed, RIGHT, refund, fee, ROYALTY, 3n * PRICE, 0n);
      for (const { node } of nodes) {
        await expect(transaction).to.emit(commitments, "ResultRevealed").withArgs(roundId, node, RIGHT);
      }
      expect(await job.state()).to.equal(JobState.Agreed);
    });
  });

  context("given a node that has revealed by itself before", () => {
    it("skips it, says why, and settles all the same [T172]", async () => {
      const { relay, commitments, thief, job, nodes, reveals, seats } = await sealedByThree();
      const early = nth(nodes, 1);
      await job.reveal(early);
      const roundId = await job.roundId();
      await expect(relay.connect(thief).revealAndSettle(job.packed, roundId, reveals, seats))
        .to.emit(commitments, "RevealSkipped")
        .withArgs(roundId, early.node, RevealFault.NothingSealed);
      expect(await job.state()).to.equal(JobState.Agreed);
    });
  });

  context("given a job that cannot end with it", () => {
    it("reverts with the reveals where one does not fit, and names where the job stands", async () => {
      const { relay, policy, commitments, thief, job, nodes, reveals, seats } = await sealedByThree();
      const roundId = await job.roundId();
      const bad = job.shows(nth(nodes, 2), WRONG);
      await expect(relay.connect(thief).revealAndSettle(job.packed, roundId, reveals.with(2, bad), seats))
        .to.be.revertedWithCustomError(policy, "PolicyNotFinal")
        .withArgs(job.jobId, JobState.Open, JobState.Open);
      expect(await commitments.hasStated(roundId, nth(nodes, 0).node, RIGHT)).to.equal(false);
    });

    it("reverts where an audit may follow", async () => {
      const { relay, policy, thief, job, reveals, seats } = await sealedByThree(5_000);
      await expect(relay.connect(thief).revealAndSettle(job.packed, await job.roundId(), reveals, seats))
        .to.be.revertedWithCustomError(policy, "PolicyNotFinal")
        .withArgs(job.jobId, JobState.Open, JobState.Open);
    });
  });
});
