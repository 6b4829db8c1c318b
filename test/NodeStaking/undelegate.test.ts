import { expect } from "chai";
import { parseEther } from "ethers";

import { OWN_STAKE } from "../support/fixtures.ts";
import { ethers, loadFixture } from "../support/network.ts";
import {
  DELEGATED,
  delegated,
  locked,
  nextTime,
  OBLIGATION,
  reward,
  SHARES_PER_ASSET,
  slash,
  stakeOf,
  THAW_PERIOD,
  worn,
} from "../support/staking.ts";

const AMOUNT = parseEther("500");
const SHARES = AMOUNT * SHARES_PER_ASSET;

describe("NodeStaking.undelegate", () => {
  context("given a delegator with 2,000 OPG", () => {
    const given = () => loadFixture(delegated);

    it("takes stake out of the backing at once and pays nothing yet", async () => {
      const { staking, token, node, delegator } = await given();
      expect(await staking.connect(delegator).undelegate.staticCall(node, SHARES, AMOUNT)).to.equal(0n);
      const endsAt = (await nextTime()) + THAW_PERIOD;
      const leaving = staking.connect(delegator).undelegate(node, SHARES, AMOUNT);
      await expect(leaving)
        .to.emit(staking, "DelegationThawing")
        .withArgs(node, delegator, 0n, AMOUNT, SHARES, SHARES, endsAt);
      await expect(leaving).to.changeTokenBalances(ethers, token, [staking, delegator], [0n, 0n]);

      const rest = DELEGATED - AMOUNT;
      expect(await staking.delegationOf(node, delegator)).to.deep.equal([rest * SHARES_PER_ASSET, rest]);
      expect(await staking.delegatedStakeOf(node)).to.deep.equal([
        [rest, rest * SHARES_PER_ASSET, 0n],
        [AMOUNT, SHARES, 0n],
      ]);
      expect(await staking.thawOf(node, delegator, 0n)).to.deep.equal([endsAt, AMOUNT]);
      expect(await staking.backingOf(node)).to.equal(OWN_STAKE + rest);
    });

    it("numbers one thaw after the other, for each delegator", async () => {
      const { staking, node, delegator } = await given();
      await staking.connect(delegator).undelegate(node, SHARES, 0n);
      const endsAt = (await nextTime(9n)) + THAW_PERIOD;
      await staking.connect(delegator).undelegate(node, SHARES_PER_ASSET, 0n);
      expect(await staking.thawOf(node, delegator, 0n)).to.deep.equal([endsAt - 9n, AMOUNT]);
      expect(await staking.thawOf(node, delegator, 1n)).to.deep.equal([endsAt, 1n]);
    });

    it("rounds down what a part of a unit is worth, and keeps nothing that is not paid for [T010]", async () => {
      const { staking, node, delegator } = await given();
      await staking.connect(delegator).undelegate(node, 2n * SHARES_PER_ASSET - 1n, 1n);
      expect((await staking.thawOf(node, delegator, 0n)).amount).to.equal(1n);
      expect((await stakeOf(staking, node)).delegated).to.equal(DELEGATED - 1n);
    });

    it("reverts for nothing, and for more shares than the caller has", async () => {
      const { staking, node, delegator, stranger } = await given();
      await expect(staking.connect(delegator).undelegate(node, 0n, 0n))
        .to.be.revertedWithCustomError(staking, "StakingAmountTooSmall")
        .withArgs(0n, 1n);
      const { shares } = await staking.delegationOf(node, delegator);
      await expect(staking.connect(delegator).undelegate(node, shares + 1n, 0n))
        .to.be.revertedWithCustomError(staking, "StakingInsufficient")
        .withArgs(node, shares + 1n, shares);
      await expect(staking.connect(stranger).undelegate(node, 1n, 0n))
        .to.be.revertedWithCustomError(staking, "StakingInsufficient")
        .withArgs(node, 1n, 0n);
    });

    it("reverts when a slash came first and the shares are worth less than wanted", async () => {
      const suite = await given();
      const { staking, node, delegator } = suite;
      await slash(suite, OWN_STAKE + DELEGATED / 4n);
      await expect(staking.connect(delegator).undelegate(node, SHARES, AMOUNT))
        .to.be.revertedWithCustomError(staking, "StakingSlippage")
        .withArgs((AMOUNT * 3n) / 4n, AMOUNT);
    });

    it("gives the part of rewards that the shares have earned [I11]", async () => {
      const suite = await given();
      const { staking, node, delegator } = suite;
      await reward(suite, parseEther("300")); // of which 180 go to the pool
      const { shares } = await staking.delegationOf(node, delegator);
      await staking.connect(delegator).undelegate(node, shares, 0n);
      expect((await staking.thawOf(node, delegator, 0n)).amount).to.equal(DELEGATED + parseEther("180") - 1n);
    });
  });

  context("given locks that the rest does not back", () => {
    it("lets the delegator go, and shows that the node is not covered", async () => {
      const suite = await loadFixture(locked);
      const { staking, node, delegator, consumer } = suite;
      await staking.connect(delegator).undelegate(node, SHARES, 0n);
      expect((await staking.standingOf(node, await nextTime())).covered).to.equal(true);
      await staking.connect(delegator).undelegate(node, SHARES_PER_ASSET, 0n);
      expect((await staking.standingOf(node, await nextTime())).covered).to.equal(false);
      expect((await staking.lockOf(node, consumer, OBLIGATION)).amount).to.equal(await staking.lockedOf(node));
    });
  });

  context("given a slash after which shares were counted anew", () => {
    it("takes shares as they count now, however often, until none is left", async () => {
      const suite = await loadFixture(worn);
      const { staking, node, stranger } = suite;
      const old = await staking.delegationOf(node, stranger);
      await slash(suite, OWN_STAKE + parseEther("100"));
      const { shares, amount } = await staking.delegationOf(node, stranger);
      expect(shares).to.equal(old.shares >> 27n);

      await staking.connect(stranger).undelegate(node, shares / 2n, 0n);
      expect((await staking.delegationOf(node, stranger)).shares).to.equal(shares - shares / 2n);
      await expect(staking.connect(stranger).undelegate(node, shares, 0n))
        .to.be.revertedWithCustomError(staking, "StakingInsufficient")
        .withArgs(node, shares, shares - shares / 2n);
      await staking.connect(stranger).undelegate(node, shares - shares / 2n, 0n);
      expect(await staking.delegationOf(node, stranger)).to.deep.equal([0n, 0n]);
      expect((await stakeOf(staking, node)).delegatedThawing).to.be.closeTo(amount, 1n);
    });
  });
});
