import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { OWN_STAKE } from "../support/fixtures.ts";
import { ethers, loadFixture, time } from "../support/network.ts";
import {
  delegate,
  DELEGATED,
  delegated,
  fund,
  registered,
  reward,
  SHARES_PER_ASSET,
  stakeOf,
  THAW_PERIOD,
} from "../support/staking.ts";

const CEILING = 3n * OWN_STAKE;
const LEAST = parseEther("0.01");

describe("NodeStaking.delegate", () => {
  context("given a node without delegators", () => {
    it("gives a thousand shares a unit and adds to the backing", async () => {
      const suite = await loadFixture(registered);
      const { staking, token, node, delegator } = suite;
      await fund(suite, delegator, DELEGATED);
      const shares = DELEGATED * SHARES_PER_ASSET;
      expect(await staking.connect(delegator).delegate.staticCall(node, DELEGATED, shares)).to.equal(shares);

      const delegating = staking.connect(delegator).delegate(node, DELEGATED, shares);
      await expect(delegating).to.emit(staking, "Delegated").withArgs(node, delegator, DELEGATED, shares);
      await expect(delegating).to.changeTokenBalances(ethers, token, [delegator, staking], [-DELEGATED, DELEGATED]);
      expect(await staking.delegatedStakeOf(node)).to.deep.equal([
        [DELEGATED, shares, 0n],
        [0n, 0n, 0n],
      ]);
      expect(await staking.delegationOf(node, delegator)).to.deep.equal([shares, DELEGATED]);
      expect(await staking.backingOf(node)).to.equal(OWN_STAKE + DELEGATED);
    });

    it("reverts below the least delegation and names it", async () => {
      const { staking, node, delegator } = await loadFixture(registered);
      for (const amount of [0n, LEAST - 1n]) {
        await expect(staking.connect(delegator).delegate(node, amount, 0n))
          .to.be.revertedWithCustomError(staking, "StakingAmountTooSmall")
          .withArgs(amount, LEAST);
      }
    });

    it("reverts for a node that does not exist", async () => {
      const { staking, delegator } = await loadFixture(registered);
      await expect(staking.connect(delegator).delegate(delegator, LEAST, 0n))
        .to.be.revertedWithCustomError(staking, "StakingUnknownNode")
        .withArgs(delegator);
    });

    it("reverts when the amount is not allowed to be pulled", async () => {
      const { staking, token, node, delegator } = await loadFixture(registered);
      await expect(staking.connect(delegator).delegate(node, LEAST, 0n))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(staking, 0n, LEAST);
    });
  });

  context("given the ceiling of three times the own stake", () => {
    it("fills it to the base unit, and reverts for a unit more", async () => {
      const suite = await loadFixture(delegated);
      const { staking, node, stranger } = suite;
      await fund(suite, stranger, CEILING);
      await expect(staking.connect(stranger).delegate(node, CEILING - DELEGATED + 1n, 0n))
        .to.be.revertedWithCustomError(staking, "StakingDelegationCeiling")
        .withArgs(node, CEILING + 1n, CEILING);
      await staking.connect(stranger).delegate(node, CEILING - DELEGATED, 0n);
      expect(await staking.backingOf(node)).to.equal(OWN_STAKE + CEILING);
    });

    it("sinks when own stake thaws", async () => {
      const suite = await loadFixture(delegated);
      const { staking, owner, node, stranger } = suite;
      await staking.connect(owner).thaw(node, OWN_STAKE / 2n);
      await fund(suite, stranger, LEAST);
      await expect(staking.connect(stranger).delegate(node, LEAST, 0n))
        .to.be.revertedWithCustomError(staking, "StakingDelegationCeiling")
        .withArgs(node, DELEGATED + LEAST, CEILING / 2n);
      expect(await staking.backingOf(node)).to.equal(2n * OWN_STAKE);
    });
  });

  context("given a pool that has earned", () => {
    /** Of 300 OPG the owner takes 30 OPG, the pool two thirds of the rest: 2,180 OPG for 2e24 shares. */
    async function earned() {
      const suite = await delegated();
      await reward(suite, parseEther("300"));
      return suite;
    }

    it("sells shares at the price of now, so that who comes later has no part in it [T032]", async () => {
      const suite = await loadFixture(earned);
      const { staking, node, stranger, delegator } = suite;
      await delegate(suite, stranger, parseEther("109"));
      const assets = DELEGATED + parseEther("180");
      const shares = (parseEther("109") * (DELEGATED * SHARES_PER_ASSET + 1_000n)) / (assets + 1n);
      expect(await staking.delegationOf(node, stranger)).to.deep.equal([shares, parseEther("109") - 1n]);
      expect((await staking.delegationOf(node, delegator)).amount).to.be.closeTo(assets, 1n);
    });

    it("reverts when the pool gives fewer shares than wanted, and gives exactly as many [T032]", async () => {
      const suite = await loadFixture(earned);
      const { staking, node, stranger } = suite;
      await fund(suite, stranger, LEAST);
      const shares = await staking.connect(stranger).delegate.staticCall(node, LEAST, 0n);
      await expect(staking.connect(stranger).delegate(node, LEAST, shares + 1n))
        .to.be.revertedWithCustomError(staking, "StakingSlippage")
        .withArgs(shares, shares + 1n);
      await staking.connect(stranger).delegate(node, LEAST, shares);
    });
  });

  context("given an operator that pumps up the price of a nearly empty pool [T022]", () => {
    const PUMPED = parseEther("20000");
    const REMNANT = 1_000_000n;

    /** A friend has left a millionth of a millionth in the pool, all own stake thaws, and a reward goes to it alone. */
    async function pumped() {
      const suite = await registered();
      const { staking, owner, node, thief } = suite;
      await delegate(suite, thief, LEAST);
      await staking.connect(thief).undelegate(node, LEAST * SHARES_PER_ASSET - REMNANT, 0n);
      await staking.connect(owner).thaw(node, OWN_STAKE);
      await reward(suite, PUMPED);
      await staking.connect(owner).cancelThaw(node, 0n);
      await fund(suite, owner, 10n * PUMPED);
      await staking.connect(owner).stake(node, 10n * PUMPED);
      return suite;
    }

    it("refuses to sell no share at all", async () => {
      const suite = await loadFixture(pumped);
      const { staking, node, delegator } = suite;
      await fund(suite, delegator, LEAST);
      await expect(staking.connect(delegator).delegate(node, LEAST, 0n))
        .to.be.revertedWithCustomError(staking, "StakingSlippage")
        .withArgs(0n, 1n);
    });

    it("costs the pumper more than all that rounding takes from others", async () => {
      const suite = await loadFixture(pumped);
      const { staking, node, delegator, thief } = suite;
      const pot = (await stakeOf(staking, node)).delegated;
      const price = pot / REMNANT;
      await delegate(suite, delegator, 2n * price - 1n);

      const { amount: theirs } = await staking.delegationOf(node, delegator);
      const { amount: back } = await staking.delegationOf(node, thief);
      const victimLost = 2n * price - 1n - theirs;
      expect(victimLost).to.be.lessThan(pot / REMNANT);
      expect(pot - back).to.be.greaterThan(pot / 1_002n);
      expect(pot - back).to.be.greaterThan(900n * victimLost);
    });
  });

  context("given own stake below the least", () => {
    it("still counts nothing, neither own nor delegated", async () => {
      const { staking, owner, node } = await loadFixture(delegated);
      await staking.connect(owner).thaw(node, OWN_STAKE - parseEther("1"));
      expect(await staking.backingOf(node)).to.equal(parseEther("4"));
      await staking.connect(owner).thaw(node, 1n);
      expect(await staking.backingOf(node)).to.equal(0n);
    });
  });

  context("given a delegator that left and comes back", () => {
    it("adds to what it holds", async () => {
      const suite = await loadFixture(delegated);
      const { staking, node, delegator } = suite;
      await staking.connect(delegator).undelegate(node, (DELEGATED / 2n) * SHARES_PER_ASSET, 0n);
      await time.increase(THAW_PERIOD);
      await delegate(suite, delegator, LEAST);
      const amount = DELEGATED / 2n + LEAST;
      expect(await staking.delegationOf(node, delegator)).to.deep.equal([amount * SHARES_PER_ASSET, amount]);
      expect((await staking.thawOf(node, delegator, 0n)).amount).to.equal(DELEGATED / 2n);
      expect((await staking.thawOf(node, ZeroAddress, 0n)).amount).to.equal(0n);
    });
  });
});
