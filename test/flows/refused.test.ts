import { expect } from "chai";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { errorRoot, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { servedByThree } from "../support/fixtures.ts";
import { all, each, PRICE, RIGHT, TestJob } from "../support/jobs.ts";
import { changesSince, earningsOf, expectConserved, ledgerOf, lossOf } from "../support/ledger.ts";
import { loadFixture } from "../support/network.ts";

const FAULTS = [PayloadError.InputMissing, PayloadError.InputMalformed, PayloadError.RefusedByModel];
/** What each reveal gets, by `errorFeeBps`. */
const FEE = PRICE / 5n;
const COLLATERAL = 8n * PRICE;

async function requested() {
  const suite = await loadFixture(servedByThree);
  const before = await ledgerOf(suite);
  // Even if every agreement is audited: an error brings too little to be worth a lie.
  const job = await (await TestJob.request(suite, { auditBps: 10_000 })).open();
  return { suite, before, job };
}

describe("A job on whose error all agree", () => {
  for (const fault of FAULTS) {
    it(`ends at once with error ${fault}, for a fifth of the price and without fee or royalty`, async () => {
      const { suite, before, job } = await requested();
      const seats = suite.nodes.slice(0, 2);
      await job.answer(all(seats, errorRoot(fault)));

      const pay = 2n * FEE;
      await expect(job.settle(seats))
        .to.emit(suite.market, "JobSettled")
        .withArgs(job.jobId, JobState.Refused, errorRoot(fault), job.escrow - pay, 0n, 0n, pay, 0n);
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({ requester: -pay, ...earningsOf([0, 1], FEE) });
      expectConserved(changes);
    });
  }

  it("takes the part for silence here, too", async () => {
    const { suite, before, job } = await requested();
    await job.answer(
      each(suite.nodes, [errorRoot(PayloadError.InputMissing), errorRoot(PayloadError.InputMissing), null]),
    );
    await job.endRevealing();
    await job.settle(suite.nodes);

    const absence = COLLATERAL / 8n;
    const changes = await changesSince(before, suite);
    expect(changes).to.deep.equal({
      requester: -2n * FEE,
      market: absence,
      staking: -absence,
      ...earningsOf([0, 1], FEE + absence / 2n),
      ...lossOf([2], absence),
    });
    expectConserved(changes);
  });
});

describe("A job on whose error not all agree", () => {
  it("is not refused but goes to an appeal", async () => {
    const { suite, job } = await requested();
    const seats = suite.nodes.slice(0, 2);
    await job.answer(each(seats, [errorRoot(PayloadError.InputMissing), RIGHT]));
    await job.beginNext(seats);
    expect(await job.state()).to.equal(JobState.Appeal);
  });
});
