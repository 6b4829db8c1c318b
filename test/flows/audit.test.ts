import { expect } from "chai";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { ROYALTY, servedByThree } from "../support/fixtures.ts";
import { all, PRICE, RIGHT, TestJob } from "../support/jobs.ts";
import { changesSince, earningsOf, expectConserved, ledgerOf, lossOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";

const COLLATERAL = 8n * PRICE;

/** A job of two equal answers that is surely audited, and the third node. */
async function agreed() {
  const suite = await loadFixture(servedByThree);
  const before = await ledgerOf(suite);
  const job = await (await TestJob.request(suite, { auditBps: 10_000 })).open();
  const seats = suite.nodes.slice(0, 2);
  const auditors = suite.nodes.slice(2);
  await job.answer(all(seats));
  return { suite, before, job, seats, auditors };
}

describe("A job that is audited", () => {
  it("keeps the first nodes unpaid and locked until the audit is over", async () => {
    const { suite, job, before, seats } = await agreed();
    const audit = job.beginNext(seats);
    await expect(audit).to.emit(suite.market, "DrawStarted");
    const { state, seed } = await job.record();
    await expect(audit)
      .to.emit(suite.market, "DrawStarted")
      .withArgs(job.jobId, JobState.Audit, seed, 2_000n * PRICE);
    expect(state).to.equal(JobState.Audit);

    expect(await changesSince(before, suite)).to.deep.equal({
      requester: -job.escrow,
      "node 0 used": COLLATERAL,
      "node 0 free": -COLLATERAL,
      "node 1 used": COLLATERAL,
      "node 1 free": -COLLATERAL,
    });
    await expect(job.settle(seats))
      .to.be.revertedWithCustomError(suite.policy, "PolicyNotFinal")
      .withArgs(job.jobId, JobState.Audit, JobState.Audit);
  });

  context("when the auditor gets the same", () => {
    it("pays all three their price [T081]", async () => {
      const { suite, job, before, seats, auditors } = await agreed();
      await job.beginNext(seats);
      await job.answer(all(auditors), 1);

      const fee = job.feeOf(3n * PRICE);
      const refund = job.escrow - 3n * PRICE - fee - ROYALTY;
      await expect(job.settle(seats, auditors))
        .to.emit(suite.market, "JobSettled")
        .withArgs(job.jobId, JobState.Agreed, RIGHT, refund, fee, ROYALTY, 3n * PRICE, 0n);

      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        requester: -3n * PRICE - fee - ROYALTY,
        fees: fee,
        publisher: ROYALTY,
        ...earningsOf([0, 1, 2], PRICE),
      });
      expectConserved(changes);
    });
  });

  context("when nobody takes the audit", () => {
    it("ends as it would have without one", async () => {
      const { suite, job, before, seats } = await agreed();
      await job.beginNext(seats);
      const { startedAt } = await job.record();
      const { appealSealPeriod, appealWidenSteps } = job.fields.rules;
      await time.increaseTo(BigInt(startedAt) + (1n + appealWidenSteps) * appealSealPeriod);
      await job.settle(seats);

      expect(await job.state()).to.equal(JobState.Agreed);
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

  context("when the auditor seals and stays silent", () => {
    it("takes its whole collateral, of which a price goes to the first two and the rest is burned", async () => {
      const { suite, job, before, seats, auditors } = await agreed();
      await job.beginNext(seats);
      await job.answer(all(auditors, null), 1);
      await job.endRevealing(1);

      const fee = job.feeOf(2n * PRICE);
      const refund = job.escrow - 2n * PRICE - fee - ROYALTY;
      await expect(job.settle(seats, auditors))
        .to.emit(suite.market, "JobSettled")
        .withArgs(job.jobId, JobState.Agreed, RIGHT, refund, fee, ROYALTY, 2n * PRICE, PRICE / 2n)
        .and.to.emit(suite.market, "SeatSlashed")
        .withArgs(job.jobId, auditors[0]?.node, COLLATERAL);

      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        requester: -2n * PRICE - fee - ROYALTY,
        fees: fee,
        publisher: ROYALTY,
        market: PRICE,
        staking: -COLLATERAL,
        supply: PRICE - COLLATERAL,
        ...earningsOf([0, 1], PRICE + PRICE / 2n),
        ...lossOf([2], COLLATERAL),
      });
      expectConserved(changes);
    });
  });
});
