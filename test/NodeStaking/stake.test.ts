import { expect } from "chai";
import { parseEther } from "ethers";

import { OWN_STAKE } from "../support/fixtures.ts";
import { ethers, loadFixture } from "../support/network.ts";
import { fund, lock, locked, LOCKED, registered } from "../support/staking.ts";

const AMOUNT = parseEther("50");

describe("NodeStaking.stake", () => {
  context("given a node", () => {
    it("bonds what its owner adds", async () => {
      const suite = await loadFixture(registered);
      const { staking, token, owner, node } = suite;
      await fund(suite, owner, AMOUNT);

      const staked = staking.connect(owner).stake(node, AMOUNT);
      await expect(staked).to.emit(staking, "OwnStakeAdded").withArgs(node, owner, AMOUNT);
      await expect(staked).to.changeTokenBalances(ethers, token, [owner, staking], [-AMOUNT, AMOUNT]);
      expect(await staking.ownStakeOf(node)).to.deep.equal([OWN_STAKE + AMOUNT, [0n, 0n, 0n]]);
      expect(await staking.backingOf(node)).to.equal(OWN_STAKE + AMOUNT);
    });

    it("gives the owner what anyone adds", async () => {
      const suite = await loadFixture(registered);
      const { staking, node, owner, stranger } = suite;
      await fund(suite, stranger, AMOUNT);
      await expect(staking.connect(stranger).stake(node, AMOUNT))
        .to.emit(staking, "OwnStakeAdded")
        .withArgs(node, stranger, AMOUNT);
      await staking.connect(owner).thaw(node, OWN_STAKE + AMOUNT);
    });

    it("takes no notice of a plain transfer [T006 I03]", async () => {
      const { staking, token, node, deployer } = await loadFixture(registered);
      await token.connect(deployer).transfer(staking, AMOUNT);
      expect(await staking.ownStakeOf(node)).to.deep.equal([OWN_STAKE, [0n, 0n, 0n]]);
      expect(await staking.earningsOf(node)).to.equal(0n);
      expect(await token.balanceOf(staking)).to.equal(OWN_STAKE + AMOUNT);
    });

    it("reverts for nothing", async () => {
      const { staking, owner, node } = await loadFixture(registered);
      await expect(staking.connect(owner).stake(node, 0n))
        .to.be.revertedWithCustomError(staking, "StakingAmountTooSmall")
        .withArgs(0n, 1n);
    });

    it("reverts for more than the caller has, or than a slot can hold", async () => {
      const suite = await loadFixture(registered);
      const { staking, token, stranger, node } = suite;
      await fund(suite, stranger, AMOUNT);
      await token.connect(stranger).approve(staking, AMOUNT + 1n);
      await expect(staking.connect(stranger).stake(node, AMOUNT + 1n))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
        .withArgs(stranger, AMOUNT, AMOUNT + 1n);
      await expect(staking.connect(stranger).stake(node, 2n ** 96n))
        .to.be.revertedWithCustomError(staking, "SafeCastOverflowedUintDowncast")
        .withArgs(96, 2n ** 96n);
    });

    it("reverts for a node that does not exist", async () => {
      const { staking, stranger } = await loadFixture(registered);
      await expect(staking.connect(stranger).stake(stranger, AMOUNT))
        .to.be.revertedWithCustomError(staking, "StakingUnknownNode")
        .withArgs(stranger);
    });
  });

  context("given a node whose delegators have left its locks uncovered", () => {
    it("covers them again", async () => {
      const suite = await loadFixture(locked);
      const { staking, owner, node, delegator } = suite;
      const { shares } = await staking.delegationOf(node, delegator);
      await staking.connect(delegator).undelegate(node, shares, 0n);
      expect((await staking.standingOf(node, 0n)).covered).to.equal(false);

      const missing = LOCKED - OWN_STAKE;
      await fund(suite, owner, missing);
      await staking.connect(owner).stake(node, missing - 1n);
      expect((await staking.standingOf(node, 0n)).covered).to.equal(false);
      await staking.connect(owner).stake(node, 1n);
      expect((await staking.standingOf(node, 0n)).covered).to.equal(true);
      await lock(suite, LOCKED);
    });
  });
});
