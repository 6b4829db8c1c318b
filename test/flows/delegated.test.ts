import { expect } from "chai";
import { parseEther } from "ethers";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { OWN_STAKE, ROYALTY, servedByNine } from "../support/fixtures.ts";
import { all, each, RIGHT, TestJob, WRONG } from "../support/jobs.ts";
import { changesSince, earningsOf, expectConserved, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";

const DELEGATED = 2n * OWN_STAKE;
const PRICE = parseEther("300");
const COLLATERAL = 8n * PRICE; // 2,400: more than a node's own 1,000
const FROM_DELEGATORS = COLLATERAL - OWN_STAKE;

/** Nine nodes that answer with their delegators' stake as well as with their own. */
async function delegatedTo() {
  const suite = await servedByNine();
  const { token, staking, market, deployer, delegator, nodes, version } = suite;
  const total = DELEGATED * BigInt(nodes.length);
  await token.connect(deployer).transfer(delegator, total);
  await token.connect(delegator).approve(staking, total);
  for (const { node, owner, signer } of nodes) {
    await staking.connect(delegator).delegate(node, DELEGATED, 0n);
    await staking.connect(owner).authorise(node, market, OWN_STAKE + DELEGATED);
    const { endsAt } = await market.servingOf(node, version);
    await market.connect(signer).serve(node, version, OWN_STAKE, COLLATERAL, endsAt);
  }
  await time.increase(60);
  return suite;
}

describe("A job whose liars answer with delegated stake", () => {
  it("repairs the harm and compensates out of their own stake, and burns what delegators lose [T062 I20]", async () => {
    const suite = await loadFixture(delegatedTo);
    const { nodes } = suite;
    const before = await ledgerOf(suite);
    const job = await (await TestJob.request(suite, { quorum: 6, seatPrice: PRICE })).open();
    const [seats, fresh] = [nodes.slice(0, 6), nodes.slice(6)];
    await job.answer(each(seats, [WRONG, WRONG, WRONG, WRONG, RIGHT, RIGHT]));
    await job.beginNext(seats);
    await job.answer(all(fresh), 2);
    await job.settle(seats, fresh);

    expect(await job.state()).to.equal(JobState.Decided);
    // The harm, five prices, and the compensation, two, come from the own parts of the first three liars.
    const fund = 7n * PRICE;
    const fee = job.feeOf(2n * PRICE);
    const liars = [0, 1, 2, 3];
    const changes = await changesSince(before, suite);
    expect(changes).to.deep.equal({
      requester: 2n * PRICE - fee - ROYALTY,
      fees: fee,
      publisher: ROYALTY,
      market: fund,
      staking: -4n * COLLATERAL,
      supply: fund - 4n * COLLATERAL,
      ...earningsOf([4, 5, 6, 7, 8], PRICE),
      ...Object.fromEntries(
        liars.flatMap((i) => [
          [`node ${i} own`, -OWN_STAKE],
          [`node ${i} delegated`, -FROM_DELEGATORS],
          [`node ${i} free`, -COLLATERAL],
          [`node ${i} locked`, -COLLATERAL],
        ]),
      ),
    });
    expectConserved(changes);
  });

  it("pays the appeal first when the liar's own stake covers only part of the harm [T062 I20]", async () => {
    const suite = await loadFixture(delegatedTo);
    const { nodes } = suite;
    const before = await ledgerOf(suite);
    const seatPrice = parseEther("200");
    const job = await (await TestJob.request(suite, { quorum: 6, seatPrice, collateralFactor: 12 })).open();
    const [seats, fresh] = [nodes.slice(0, 6), nodes.slice(6)];
    await job.answer(each(seats, [RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, WRONG]));
    await job.beginNext(seats);
    await job.answer(all(fresh), 2);
    await job.settle(seats, fresh);

    const fund = OWN_STAKE; // of 1,600 that five right seats and the appeal's three cost
    const reimbursed = fund - 3n * seatPrice;
    const fee = job.feeOf(5n * seatPrice);
    const changes = await changesSince(before, suite);
    expect(changes).to.deep.equal({
      requester: reimbursed - 5n * seatPrice - fee - ROYALTY,
      fees: fee,
      publisher: ROYALTY,
      market: fund,
      staking: -COLLATERAL,
      supply: fund - COLLATERAL,
      ...earningsOf([0, 1, 2, 3, 4, 6, 7, 8], seatPrice),
      "node 5 own": -OWN_STAKE,
      "node 5 delegated": -FROM_DELEGATORS,
      "node 5 free": -COLLATERAL,
      "node 5 locked": -COLLATERAL,
    });
    expectConserved(changes);
  });
});
