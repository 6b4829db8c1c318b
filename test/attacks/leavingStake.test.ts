import { expect } from "chai";
import { parseEther } from "ethers";

import { LOCK_PERIOD, OWN_STAKE, servedByNine } from "../support/fixtures.ts";
import { all, TestJob, WRONG } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";

const DELEGATED = OWN_STAKE;
/** Eight of them are what a seat locks: all own stake of the liar and half of what was delegated to it. */
const PRICE = (OWN_STAKE + DELEGATED / 2n) / 8n;
const COLLATERAL = 8n * PRICE;

/** A node and its delegator who work together: what they lock is half own, half delegated stake. */
async function accomplices() {
  const suite = await servedByNine();
  const { token, staking, market, deployer, delegator, nodes, version } = suite;
  const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
  await token.connect(deployer).approve(staking, parseEther("100000"));
  await token.connect(deployer).transfer(delegator, DELEGATED);
  await token.connect(delegator).approve(staking, DELEGATED);
  for (const [i, { node, owner, signer }] of nodes.entries()) {
    if (i === 0) await staking.connect(delegator).delegate(node, DELEGATED, 1n);
    else await staking.connect(deployer).stake(node, DELEGATED);
    await staking.connect(owner).authorise(node, market, OWN_STAKE + DELEGATED);
    await market.connect(signer).serve(node, version, OWN_STAKE, OWN_STAKE + DELEGATED, endsAt);
  }
  await time.increase(60);
  const [liar, ...others] = nodes;
  if (liar === undefined) throw new Error("Nobody serves");
  return { ...suite, liar, others };
}

describe("A liar whose stake leaves between the seal and the slash", () => {
  /** The liar has sealed, and its delegator takes everything out in the next block. */
  async function sealedAndLeft() {
    const suite = await loadFixture(accomplices);
    const { staking, delegator, liar } = suite;
    const order = { quorum: 6, seatPrice: PRICE, maxRoyalty: PRICE };
    const job = await (await TestJob.request(suite, order)).open();
    await job.commit(liar, WRONG);
    const [shares] = await staking.delegationOf(liar.node, delegator);
    await staking.connect(delegator).undelegate(liar.node, shares, 1n);
    return { suite, job };
  }

  it("gets no new seat on what has left [T027 I14]", async () => {
    const { suite } = await sealedAndLeft();
    const { market, liar } = suite;
    const next = await (await TestJob.request(suite, { quorum: 6 })).open();
    await expect(next.commit(liar, WRONG))
      .to.be.revertedWithCustomError(market, "MarketNodeNotCovered")
      .withArgs(liar.node);
  });

  it("cannot take the own stake out that answers first [T023 I14]", async () => {
    const { suite } = await sealedAndLeft();
    const { staking, liar } = suite;
    await expect(staking.connect(liar.owner).thaw(liar.node, 1n))
      .to.be.revertedWithCustomError(staking, "StakingNotBacked")
      .withArgs(liar.node, OWN_STAKE + DELEGATED, OWN_STAKE - 1n);
  });

  it("pays in full: own stake first, then what the delegator has on its way out [T023 I12 I15]", async () => {
    const { suite, job } = await sealedAndLeft();
    const { staking, delegator, liar, others } = suite;
    const [first, fresh] = [others.slice(0, 5), others.slice(5)];
    await job.answer(all(first));
    await job.reveal(liar, WRONG);
    await job.beginNext([liar, ...first]);
    await job.answer(all(fresh), 2);
    const locked = await staking.lockedOf(liar.node);
    await job.settle([liar, ...first], fresh);

    expect(locked - (await staking.lockedOf(liar.node))).to.equal(COLLATERAL);
    expect((await staking.ownStakeOf(liar.node)).bonded).to.equal(0n);
    const { amount } = await staking.thawOf(liar.node, delegator, 0);
    expect(amount).to.be.closeTo(OWN_STAKE + DELEGATED - COLLATERAL, 1n);
    await time.increase(await staking.THAW_PERIOD());
    await staking.connect(delegator).withdrawDelegation(liar.node, 0);
    expect(await suite.token.balanceOf(delegator)).to.equal(amount);
  });
});
