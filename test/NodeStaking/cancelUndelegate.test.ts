import { expect } from "chai";
import { parseEther } from "ethers";

import { OWN_STAKE } from "../support/fixtures.ts";
import { ethers, loadFixture, time } from "../support/network.ts";
import {
  delegate,
  DELEGATED,
  delegated,
  lock,
  OBLIGATION,
  reward,
  SHARES_PER_ASSET,
  slash,
  stakeAgain,
  stakeOf,
  THAW_PERIOD,
  type Registered,
} from "../support/staking.ts";

const AMOUNT = parseEther("500");
const SHARES = AMOUNT * SHARES_PER_ASSET;

/** 1,500 OPG delegated, 500 OPG thawing. */
async function leaving() {
  const suite = await delegated();
  await suite.staking.connect(suite.delegator).undelegate(suite.node, SHARES, 0n);
  return suite;
}

const cancel = ({ staking, delegator, node }: Registered, leastShares = 0n) =>
  staking.connect(delegator).cancelUndelegate(node, 0n, leastShares);

describe("NodeStaking.cancelUndelegate", () => {
  context("given delegated stake that thaws", () => {
    const given = () => loadFixture(leaving);

    it("bonds it again", async () => {
      const suite = await given();
      const { staking, token, node, delegator } = suite;
      expect(await staking.connect(delegator).cancelUndelegate.staticCall(node, 0n, SHARES)).to.equal(SHARES);
      const cancelling = cancel(suite, SHARES);
      await expect(cancelling).to.emit(staking, "DelegationRebonded").withArgs(node, delegator, 0n, AMOUNT, SHARES);
      await expect(cancelling).to.changeTokenBalances(ethers, token, [staking, delegator], [0n, 0n]);
      expect(await staking.delegatedStakeOf(node)).to.deep.equal([
        [DELEGATED, DELEGATED * SHARES_PER_ASSET, 0n],
        [0n, 0n, 0n],
      ]);
      expect(await staking.delegationOf(node, delegator)).to.deep.equal([DELEGATED * SHARES_PER_ASSET, DELEGATED]);
      expect(await staking.thawOf(node, delegator, 0n)).to.deep.equal([0n, 0n]);
      expect(await staking.backingOf(node)).to.equal(OWN_STAKE + DELEGATED);
    });

    it("does so after the thaw is over, too", async () => {
      const suite = await given();
      await time.increase(THAW_PERIOD);
      await cancel(suite);
      expect((await stakeOf(suite.staking, suite.node)).delegated).to.equal(DELEGATED);
    });

    it("buys at the price of now, without the rewards of meanwhile [T032]", async () => {
      const suite = await given();
      const { staking, node, delegator } = suite;
      await reward(suite, parseEther("250")); // of which 135 go to the pool of 1,500
      const shares = (AMOUNT * (3n * SHARES + 1_000n)) / (parseEther("1635") + 1n);
      await expect(cancel(suite, shares + 1n))
        .to.be.revertedWithCustomError(staking, "StakingSlippage")
        .withArgs(shares, shares + 1n);
      await cancel(suite, shares);
      expect((await staking.delegationOf(node, delegator)).amount).to.be.closeTo(parseEther("2135"), 1n);
    });

    it("reverts above the ceiling of what the own stake allows", async () => {
      const suite = await given();
      const { staking, owner, node, stranger } = suite;
      await delegate(suite, stranger, parseEther("1000") + 1n);
      await expect(cancel(suite))
        .to.be.revertedWithCustomError(staking, "StakingDelegationCeiling")
        .withArgs(node, 3n * OWN_STAKE + 1n, 3n * OWN_STAKE);
      await staking.connect(owner).thaw(node, 1n);
      await expect(cancel(suite))
        .to.be.revertedWithCustomError(staking, "StakingDelegationCeiling")
        .withArgs(node, 3n * OWN_STAKE + 1n, 3n * OWN_STAKE - 3n);
    });

    it("reverts the second time, for thaws that never were, and for those of others [T113]", async () => {
      const suite = await given();
      const { staking, node, delegator, owner, stranger } = suite;
      await staking.connect(owner).thaw(node, 1n);
      for (const caller of [stranger, owner]) {
        await expect(staking.connect(caller).cancelUndelegate(node, 0n, 0n))
          .to.be.revertedWithCustomError(staking, "StakingUnknownThaw")
          .withArgs(node, caller, 0n);
      }
      await cancel(suite);
      for (const thawId of [0n, 1n, 2n ** 256n - 1n]) {
        await expect(staking.connect(delegator).cancelUndelegate(node, thawId, 0n))
          .to.be.revertedWithCustomError(staking, "StakingUnknownThaw")
          .withArgs(node, delegator, thawId);
      }
    });
  });

  context("given a slash meanwhile", () => {
    it("bonds what the slash has left of it", async () => {
      const suite = await loadFixture(leaving);
      const { staking, node, delegator } = suite;
      await slash(suite, OWN_STAKE + DELEGATED / 4n);
      await stakeAgain(suite);
      const amount = (AMOUNT * 3n) / 4n;
      // Bonded shares lost as much as thawing ones, so the same number comes back, but for the rounding.
      const shares = (amount * (3n * SHARES + 1_000n)) / (3n * amount + 1n);
      expect(SHARES - shares).to.be.lessThan(SHARES_PER_ASSET);
      await expect(cancel(suite)).to.emit(staking, "DelegationRebonded").withArgs(node, delegator, 0n, amount, shares);
      expect((await staking.delegationOf(node, delegator)).amount).to.equal((DELEGATED * 3n) / 4n);
    });

    it("reverts when it took everything: there is nothing to bond [T025]", async () => {
      const suite = await loadFixture(delegated);
      const { staking, owner, node, consumer, delegator } = suite;
      await staking.connect(owner).authorise(node, consumer, OWN_STAKE + DELEGATED);
      await lock(suite, OWN_STAKE + DELEGATED);
      await staking.connect(delegator).undelegate(node, SHARES, 0n);
      await staking.connect(consumer).slash(node, OBLIGATION, OWN_STAKE + DELEGATED, 0n, 0n);
      await expect(cancel(suite)).to.be.revertedWithCustomError(staking, "StakingSlippage").withArgs(0n, 1n);
    });
  });
});
