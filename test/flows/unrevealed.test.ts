import { expect } from "chai";
import { ZeroHash } from "ethers";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { ROYALTY, servedByThree } from "../support/fixtures.ts";
import { all, each, PRICE, RIGHT, TestJob } from "../support/jobs.ts";
import { changesSince, earningsOf, expectConserved, ledgerOf, lossOf } from "../support/ledger.ts";
import { loadFixture } from "../support/network.ts";

const COLLATERAL = 8n * PRICE;

/** A job for two that three have sealed, and what they say or do not say. */
async function answered(outputs: readonly (string | null)[]) {
  const suite = await loadFixture(servedByThree);
  const before = await ledgerOf(suite);
  const job = await (await TestJob.request(suite)).open();
  const seats = suite.nodes.slice(0, outputs.length);
  await job.answer(each(seats, outputs));
  await job.endRevealing();
  return { suite, before, job, seats };
}

describe("A job of which too few reveal", () => {
  it("pays the one who did, and compensates the requester, out of the collateral of the silent [T045]", async () => {
    const { suite, before, job, seats } = await answered([RIGHT, null]);

    // The reveal's share comes first, two prices follow, and the rest is burned.
    const refund = job.escrow + 2n * PRICE;
    await expect(job.settle(seats))
      .to.emit(suite.market, "JobSettled")
      .withArgs(job.jobId, JobState.Unrevealed, ZeroHash, refund, 0n, 0n, 0n, PRICE)
      .and.to.emit(suite.market, "SeatSlashed")
      .withArgs(job.jobId, seats[1]?.node, COLLATERAL);

    const changes = await changesSince(before, suite);
    expect(changes).to.deep.equal({
      requester: 2n * PRICE,
      market: 3n * PRICE,
      staking: -COLLATERAL,
      supply: 3n * PRICE - COLLATERAL,
      ...earningsOf([0], PRICE),
      ...lossOf([1], COLLATERAL),
    });
    expectConserved(changes);
  });

  context("when nobody reveals", () => {
    it("gives the requester two prices and burns the rest", async () => {
      const { suite, before, job, seats } = await answered([null, null, null]);
      await job.settle(seats);

      expect(await job.state()).to.equal(JobState.Unrevealed);
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        requester: 2n * PRICE,
        market: 2n * PRICE,
        staking: -3n * COLLATERAL,
        supply: 2n * PRICE - 3n * COLLATERAL,
        ...lossOf([0, 1, 2], COLLATERAL),
      });
      expectConserved(changes);
    });
  });
});

describe("A job of which enough reveal, though not all", () => {
  it("takes an eighth of the collateral of the silent and shares it among the others", async () => {
    const { suite, before, job, seats } = await answered([RIGHT, RIGHT, null]);

    const absence = COLLATERAL / 8n;
    const fee = job.feeOf(2n * PRICE);
    const refund = job.escrow - 2n * PRICE - fee - ROYALTY;
    await expect(job.settle(seats))
      .to.emit(suite.market, "JobSettled")
      .withArgs(job.jobId, JobState.Agreed, RIGHT, refund, fee, ROYALTY, 2n * PRICE, absence / 2n)
      .and.to.emit(suite.market, "SeatSlashed")
      .withArgs(job.jobId, seats[2]?.node, absence);

    const changes = await changesSince(before, suite);
    expect(changes).to.deep.equal({
      requester: -2n * PRICE - fee - ROYALTY,
      fees: fee,
      publisher: ROYALTY,
      market: absence,
      staking: -absence,
      ...earningsOf([0, 1], PRICE + absence / 2n),
      ...lossOf([2], absence),
    });
    expectConserved(changes);
  });

  it("burns what is more than a price for each who was silent", async () => {
    const suite = await loadFixture(servedByThree);
    const before = await ledgerOf(suite);
    const job = await (await TestJob.request(suite, { collateralFactor: 24 })).open();
    await job.answer(each(suite.nodes, [RIGHT, RIGHT, null]));
    await job.endRevealing();
    await job.settle(suite.nodes);

    const fee = job.feeOf(2n * PRICE);
    const changes = await changesSince(before, suite);
    expect(changes).to.deep.equal({
      requester: -2n * PRICE - fee - ROYALTY,
      fees: fee,
      publisher: ROYALTY,
      market: PRICE,
      staking: -3n * PRICE,
      supply: -2n * PRICE,
      ...earningsOf([0, 1], PRICE + PRICE / 2n),
      ...lossOf([2], 3n * PRICE),
    });
    expectConserved(changes);
  });

  it("cannot end before the time to reveal is over", async () => {
    const suite = await loadFixture(servedByThree);
    const job = await (await TestJob.request(suite)).open();
    await job.answer(new Map([...all(suite.nodes.slice(0, 2)), ...all(suite.nodes.slice(2), null)]));
    await expect(job.settle(suite.nodes))
      .to.be.revertedWithCustomError(suite.policy, "PolicyNotFinal")
      .withArgs(job.jobId, JobState.Open, JobState.Open);
  });
});
