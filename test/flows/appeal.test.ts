import { expect } from "chai";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { ROYALTY, servedByNine } from "../support/fixtures.ts";
import { all, each, OTHER, PRICE, RIGHT, TestJob, WRONG } from "../support/jobs.ts";
import { changesSince, earningsOf, expectConserved, ledgerOf, lossOf } from "../support/ledger.ts";
import { loadFixture } from "../support/network.ts";

const COLLATERAL = 8n * PRICE;

/** A job for six, of which `first` are the answers, and the three who did not sit in it. */
async function answered(first: readonly string[]) {
  const suite = await loadFixture(servedByNine);
  const before = await ledgerOf(suite);
  const job = await (await TestJob.request(suite, { quorum: 6 })).open();
  const seats = suite.nodes.slice(0, 6);
  const fresh = suite.nodes.slice(6);
  await job.answer(each(seats, first));
  return { suite, job, before, seats, fresh };
}

const oneLiar = () => answered([RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, WRONG]);
const fourLiars = () => answered([WRONG, WRONG, WRONG, WRONG, RIGHT, RIGHT]);

describe("A job on which answers differ", () => {
  context("given one liar among six", () => {
    it("goes to an appeal of fresh nodes, whose weight alone counts", async () => {
      const { suite, job, seats } = await oneLiar();
      const transaction = job.beginNext(seats);
      await expect(transaction).to.emit(suite.market, "DrawStarted");
      const { state, seed } = await job.record();
      expect(state).to.equal(JobState.Appeal);
      await expect(transaction)
        .to.emit(suite.market, "DrawStarted")
        .withArgs(job.jobId, JobState.Appeal, seed, 6_000n * PRICE);
      expect((await suite.market.jobOf(job.jobId)).satWeight).to.equal(6_000n * PRICE);
    });

    it("lets the liar pay the appeal and what the requester pays for right answers [T052 I35]", async () => {
      const { suite, job, before, seats, fresh } = await oneLiar();
      await job.beginNext(seats);
      await job.answer(all(fresh), 2);

      // Eight right seats take the whole collateral as harm: 3 for the appeal, 5 for the requester.
      const fee = job.feeOf(5n * PRICE);
      const refund = job.escrow + 5n * PRICE - 5n * PRICE - fee - ROYALTY;
      await expect(job.settle(seats, fresh))
        .to.emit(suite.market, "JobSettled")
        .withArgs(job.jobId, JobState.Decided, RIGHT, refund, fee, ROYALTY, 5n * PRICE, PRICE)
        .and.to.emit(suite.market, "SeatSlashed")
        .withArgs(job.jobId, seats[5]?.node, COLLATERAL);

      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        requester: -fee - ROYALTY,
        fees: fee,
        publisher: ROYALTY,
        market: COLLATERAL,
        staking: -COLLATERAL,
        ...earningsOf([0, 1, 2, 3, 4, 6, 7, 8], PRICE),
        ...lossOf([5], COLLATERAL),
      });
      expectConserved(changes);
    });
  });

  context("given four liars among six, who lead the first draw", () => {
    it("follows the appeal, compensates the requester with two prices and burns the rest [T051 I35]", async () => {
      const { suite, job, before, seats, fresh } = await fourLiars();
      await job.beginNext(seats);
      await job.answer(all(fresh), 2);

      const fee = job.feeOf(2n * PRICE);
      const fund = (2n + 3n + 2n) * PRICE; // right seats of both draws, and the compensation
      const refund = job.escrow + fund - 2n * PRICE - 3n * PRICE - fee - ROYALTY;
      await expect(job.settle(seats, fresh))
        .to.emit(suite.market, "JobSettled")
        .withArgs(job.jobId, JobState.Decided, RIGHT, refund, fee, ROYALTY, 2n * PRICE, PRICE);

      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        requester: 2n * PRICE - fee - ROYALTY,
        fees: fee,
        publisher: ROYALTY,
        market: fund,
        staking: -4n * COLLATERAL,
        supply: fund - 4n * COLLATERAL,
        ...earningsOf([4, 5, 6, 7, 8], PRICE),
        ...lossOf([0, 1, 2, 3], COLLATERAL),
      });
      expectConserved(changes);
    });

    it("takes the collateral of whoever lies or stays silent in the appeal, too", async () => {
      const { suite, job, before, seats, fresh } = await answered([RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, WRONG]);
      await job.beginNext(seats);
      await job.answer(each(fresh, [RIGHT, null, RIGHT]), 2);
      await job.endRevealing(2);
      await job.settle(seats, fresh);

      const fee = job.feeOf(5n * PRICE);
      const fund = (5n + 2n + 2n) * PRICE;
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        requester: 2n * PRICE - fee - ROYALTY,
        fees: fee,
        publisher: ROYALTY,
        market: fund,
        staking: -2n * COLLATERAL,
        supply: fund - 2n * COLLATERAL,
        ...earningsOf([0, 1, 2, 3, 4, 6, 8], PRICE),
        ...lossOf([5, 7], COLLATERAL),
      });
      expectConserved(changes);
    });
  });

  context("given an appeal of which one in three lies", () => {
    it("is decided by the other two", async () => {
      const { suite, job, before, seats, fresh } = await oneLiar();
      await job.beginNext(seats);
      await job.answer(each(fresh, [RIGHT, OTHER, RIGHT]), 2);
      await job.settle(seats, fresh);

      expect(await job.state()).to.equal(JobState.Decided);
      const changes = await changesSince(before, suite);
      expect([changes["node 5 own"], changes["node 7 own"]]).to.deep.equal([-COLLATERAL, -COLLATERAL]);
      expectConserved(changes);
    });
  });

  context("given a first draw of seven in which one lied and one was silent", () => {
    it("waits for the time to reveal, fixes a seed block, and takes both collaterals [T046]", async () => {
      const suite = await loadFixture(servedByNine);
      const before = await ledgerOf(suite);
      const job = await (await TestJob.request(suite, { quorum: 6 })).open();
      const seats = suite.nodes.slice(0, 7);
      const fresh = suite.nodes.slice(7);
      await job.answer(each(seats, [RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, WRONG, null]));
      await job.endRevealing();

      const fixing = await job.advance(seats);
      const seedBlock = Number(fixing.blockNumber) + 2;
      await expect(fixing).to.emit(suite.market, "SeedBlockFixed").withArgs(job.jobId, seedBlock);
      const record = await job.record();
      expect([record.seedBlockFixed, record.seedBlock]).to.deep.equal([true, seedBlock]);

      await job.beginNext(seats);
      await job.answer(all(fresh), 2);
      await job.settle(seats, fresh);

      expect(await job.state()).to.equal(JobState.Decided);
      const fee = job.feeOf(5n * PRICE);
      const fund = (5n + 2n + 2n) * PRICE;
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        requester: 2n * PRICE - fee - ROYALTY,
        fees: fee,
        publisher: ROYALTY,
        market: fund,
        staking: -2n * COLLATERAL,
        supply: fund - 2n * COLLATERAL,
        ...earningsOf([0, 1, 2, 3, 4, 7, 8], PRICE),
        ...lossOf([5, 6], COLLATERAL),
      });
      expectConserved(changes);
    });
  });

  context("given an audit that contradicts the first draw", () => {
    it("goes on to an appeal, which pays the auditor who was right [T081]", async () => {
      const suite = await loadFixture(servedByNine);
      const before = await ledgerOf(suite);
      const job = await (await TestJob.request(suite, { quorum: 6, auditBps: 10_000 })).open();
      const seats = suite.nodes.slice(0, 6);
      const auditors = suite.nodes.slice(6, 7);
      const fresh = suite.nodes.slice(7);
      await job.answer(all(seats, WRONG));
      await job.beginNext(seats);
      await job.widen(); // now the draw falls on all three
      await job.answer(all(auditors, RIGHT), 1);
      const appeal = job.beginNext(seats, auditors);
      await expect(appeal).to.emit(suite.market, "DrawStarted");
      expect((await suite.market.jobOf(job.jobId)).satWeight).to.equal(7_000n * PRICE);
      await job.answer(all(fresh), 2);

      const fee = job.feeOf(PRICE);
      const fund = (1n + 2n + 2n) * PRICE;
      const refund = job.escrow + fund - PRICE - 2n * PRICE - fee - ROYALTY;
      await expect(job.settle(seats, auditors, fresh))
        .to.emit(suite.market, "JobSettled")
        .withArgs(job.jobId, JobState.Decided, RIGHT, refund, fee, ROYALTY, PRICE, PRICE);

      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        requester: 2n * PRICE - fee - ROYALTY,
        fees: fee,
        publisher: ROYALTY,
        market: fund,
        staking: -6n * COLLATERAL,
        supply: fund - 6n * COLLATERAL,
        ...earningsOf([6, 7, 8], PRICE),
        ...lossOf([0, 1, 2, 3, 4, 5], COLLATERAL),
      });
      expectConserved(changes);
    });
  });
});
