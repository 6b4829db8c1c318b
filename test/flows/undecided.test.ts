import { expect } from "chai";
import { ZeroHash } from "ethers";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { servedByNine } from "../support/fixtures.ts";
import { all, each, OTHER, PRICE, RIGHT, TestJob, WRONG } from "../support/jobs.ts";
import { changesSince, earningsOf, expectConserved, ledgerOf, lossOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";

const COLLATERAL = 8n * PRICE;
/** What each reveal gets, by `noResultFeeBps`. */
const FEE = PRICE / 2n;

/** A job for six in whose appeal three fresh nodes can sit. */
async function appealed() {
  const suite = await loadFixture(servedByNine);
  const before = await ledgerOf(suite);
  const job = await (await TestJob.request(suite, { quorum: 6 })).open();
  const seats = suite.nodes.slice(0, 6);
  const fresh = suite.nodes.slice(6);
  await job.answer(each(seats, [RIGHT, RIGHT, RIGHT, WRONG, WRONG, WRONG]));
  await job.beginNext(seats);
  return { suite, job, before, seats, fresh };
}

describe("A job whose appeal has no result", () => {
  context("when no output has two thirds of the appeal", () => {
    it("pays each reveal half a price, refunds the rest and slashes nobody [I35]", async () => {
      const { suite, job, before, seats, fresh } = await appealed();
      await job.answer(each(fresh, [RIGHT, WRONG, OTHER]), 2);

      const pay = 9n * FEE;
      const settlement = job.settle(seats, fresh);
      await expect(settlement)
        .to.emit(suite.market, "JobSettled")
        .withArgs(job.jobId, JobState.Undecided, ZeroHash, job.escrow - pay, 0n, 0n, pay, 0n);
      await expect(settlement).not.to.emit(suite.market, "SeatSlashed");

      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({ requester: -pay, ...earningsOf([0, 1, 2, 3, 4, 5, 6, 7, 8], FEE) });
      expectConserved(changes);
    });
  });

  context("when too few of the appeal reveal", () => {
    it("burns the whole collateral of the silent, so that blocking has a price [T045]", async () => {
      const { suite, job, before, seats, fresh } = await appealed();
      await job.answer(each(fresh, [RIGHT, null, null]), 2);
      await job.endRevealing(2);

      await expect(job.settle(seats, fresh))
        .to.emit(suite.market, "SeatSlashed")
        .withArgs(job.jobId, fresh[1]?.node, COLLATERAL)
        .and.to.emit(suite.market, "SeatSlashed")
        .withArgs(job.jobId, fresh[2]?.node, COLLATERAL);

      expect(await job.state()).to.equal(JobState.Undecided);
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        requester: -7n * FEE,
        staking: -2n * COLLATERAL,
        supply: -2n * COLLATERAL,
        ...earningsOf([0, 1, 2, 3, 4, 5, 6], FEE),
        ...lossOf([7, 8], COLLATERAL),
      });
      expectConserved(changes);
    });
  });

  context("when nobody sits in the appeal", () => {
    it("ends after the last step of its sealing", async () => {
      const { suite, job, before, seats } = await appealed();
      const { appealSealPeriod, appealWidenSteps } = job.fields.rules;
      const { startedAt } = await job.record();
      const end = BigInt(startedAt) + (1n + appealWidenSteps) * appealSealPeriod;
      await time.setNextBlockTimestamp(end - 1n);
      await expect(job.settle(seats))
        .to.be.revertedWithCustomError(suite.policy, "PolicyNotFinal")
        .withArgs(job.jobId, JobState.Appeal, JobState.Appeal);
      await time.setNextBlockTimestamp(end);
      await job.settle(seats);

      expect(await job.state()).to.equal(JobState.Undecided);
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({ requester: -6n * FEE, ...earningsOf([0, 1, 2, 3, 4, 5], FEE) });
      expectConserved(changes);
    });
  });

  context("given an audit before the appeal", () => {
    it("pays the auditor's reveal like the others", async () => {
      const suite = await loadFixture(servedByNine);
      const before = await ledgerOf(suite);
      const job = await (await TestJob.request(suite, { quorum: 6, auditBps: 10_000 })).open();
      const seats = suite.nodes.slice(0, 6);
      const auditors = suite.nodes.slice(6, 7);
      const fresh = suite.nodes.slice(7);
      await job.answer(all(seats));
      await job.beginNext(seats);
      await job.widen();
      await job.answer(all(auditors, WRONG), 1);
      await job.beginNext(seats, auditors);
      await job.answer(each(fresh, [RIGHT, WRONG]), 2);
      await job.settle(seats, auditors, fresh);

      expect(await job.state()).to.equal(JobState.Undecided);
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({ requester: -9n * FEE, ...earningsOf([0, 1, 2, 3, 4, 5, 6, 7, 8], FEE) });
      expectConserved(changes);
    });
  });
});
