import { expect } from "chai";
import { parseEther } from "ethers";

import { LOCK_PERIOD, OWN_STAKE, servedByNine } from "../support/fixtures.ts";
import { all, each, RIGHT, TestJob, WRONG } from "../support/jobs.ts";
import { changesSince, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";

const DELEGATED = 3n * OWN_STAKE;
/** Eight of them are what a seat locks: all that the liar has, own and delegated. */
const PRICE = (OWN_STAKE + DELEGATED) / 8n;

/** Nine nodes of one operator, who also is the requester and owns the model; strangers delegated to the first of them. */
async function operatorWithDelegators() {
  const suite = await servedByNine();
  const { token, staking, market, deployer, delegator, nodes, version } = suite;
  await token.connect(deployer).transfer(delegator, DELEGATED);
  await token.connect(delegator).approve(staking, DELEGATED);
  const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
  for (const [i, { node, owner, signer }] of nodes.entries()) {
    if (i === 0) await staking.connect(delegator).delegate(node, DELEGATED, 1n);
    else {
      await token.connect(deployer).approve(staking, DELEGATED);
      await staking.connect(deployer).stake(node, DELEGATED);
    }
    await staking.connect(owner).authorise(node, market, OWN_STAKE + DELEGATED);
    await market.connect(signer).serve(node, version, OWN_STAKE, OWN_STAKE + DELEGATED, endsAt);
  }
  await time.increase(60);
  return suite;
}

describe("An operator that lies to itself on a model that its nodes alone serve", () => {
  it("cannot bring what its delegators lose to its other nodes and to itself as requester [T062 I20]", async () => {
    const suite = await loadFixture(operatorWithDelegators);
    const before = await ledgerOf(suite);
    const order = { quorum: 6, seatPrice: PRICE, maxRoyalty: parseEther("1") };
    const job = await (await TestJob.request(suite, order)).open();
    const [seats, fresh] = [suite.nodes.slice(0, 6), suite.nodes.slice(6)];
    await job.answer(each(seats, [WRONG, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT]));
    await job.beginNext(seats);
    await job.answer(all(fresh), 2);
    await job.settle(seats, fresh);

    const changes = await changesSince(before, suite);
    const mine = /^(requester|publisher|node \d+ earned|node \d+ own)$/;
    const gain = Object.entries(changes).reduce((sum, [name, change]) => (mine.test(name) ? sum + change : sum), 0n);
    expect(gain).to.be.at.most(0n);
  });
});
