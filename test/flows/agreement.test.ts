import { expect } from "chai";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { ROYALTY, servedByThree } from "../support/fixtures.ts";
import { all, PRICE, RIGHT, TestJob } from "../support/jobs.ts";
import { changesSince, earningsOf, expectConserved, ledgerOf } from "../support/ledger.ts";
import { loadFixture } from "../support/network.ts";

/** Of what a node earns, by the fixture's registration. */
const COMMISSION = PRICE / 10n;

describe("A job on which all agree", () => {
  it("is settled by a stranger at once and pays nodes, model owner and treasury [I09]", async () => {
    const suite = await loadFixture(servedByThree);
    const { market, token, staking, nodes, version, stranger, publisher, requester } = suite;
    const before = await ledgerOf(suite);
    const job = await (await TestJob.request(suite)).open();
    const seats = nodes.slice(0, 2);
    await job.answer(all(seats));

    const fee = job.feeOf(2n * PRICE);
    const refund = job.escrow - 2n * PRICE - fee - ROYALTY;
    await expect(job.settle(seats))
      .to.emit(market, "JobSettled")
      .withArgs(job.jobId, JobState.Agreed, RIGHT, refund, fee, ROYALTY, 2n * PRICE, 0n);
    const settled = await changesSince(before, suite);
    expect(settled).to.deep.equal({
      requester: -2n * PRICE - fee - ROYALTY,
      fees: fee,
      publisher: ROYALTY,
      ...earningsOf([0, 1], PRICE),
    });
    expectConserved(settled);

    for (const { node } of seats) await market.connect(stranger).claim(node, version);
    await market.connect(stranger).collectFees([requester]);
    await market.connect(publisher).withdraw(publisher, ROYALTY);
    expect(await changesSince(before, suite)).to.deep.equal({
      requester: -2n * PRICE - fee - ROYALTY,
      treasury: fee,
      market: -2n * PRICE - fee - ROYALTY,
      staking: 2n * PRICE,
      "node 0 own": PRICE - COMMISSION,
      "node 1 own": PRICE - COMMISSION,
    });
    expect(await token.balanceOf(publisher)).to.equal(ROYALTY);
    for (const { node } of seats) expect(await staking.earningsOf(node)).to.equal(COMMISSION);
  });
});
