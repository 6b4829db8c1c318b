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
  it("repairs the harm out of all that they lose, and compensates out of their own stake alone [T062]", async () => {
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
    // The first liar's stake covers the harm, five prices; the second's own part the compensation, two.
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

  it("compensates nobody when the harm has used up the liar's own stake, and burns what is left [T062]", async () => {
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

    const harm = 8n * seatPrice; // 1,600, of which 1,000 are the liar's own
    const fee = job.feeOf(5n * seatPrice);
    const changes = await changesSince(before, suite);
    expect(changes).to.deep.equal({
      requester: -fee - ROYALTY,
      fees: fee,
      publisher: ROYALTY,
      market: harm,
      staking: -COLLATERAL,
      supply: harm - COLLATERAL,
      ...earningsOf([0, 1, 2, 3, 4, 6, 7, 8], seatPrice),
      "node 5 own": -OWN_STAKE,
      "node 5 delegated": -FROM_DELEGATORS,
      "node 5 free": -COLLATERAL,
      "node 5 locked": -COLLATERAL,
    });
    expectConserved(changes);
  });
});
