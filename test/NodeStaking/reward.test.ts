import { expect } from "chai";
import { parseEther } from "ethers";

import { OWN_STAKE } from "../support/fixtures.ts";
import { ethers, loadFixture, time } from "../support/network.ts";
import {
  delegate,
  DELEGATED,
  delegated,
  fund,
  nextTime,
  registered,
  reward,
  slash,
  stakeOf,
  THAW_PERIOD,
} from "../support/staking.ts";

const AMOUNT = parseEther("300");
const COMMISSION = AMOUNT / 10n;

describe("NodeStaking.reward", () => {
  context("given a node with 1,000 OPG of its own and 2,000 OPG delegated", () => {
    const given = () => loadFixture(delegated);

    it("pays commission first, and shares the rest by what is bonded [I41]", async () => {
      const suite = await given();
      const { staking, token, node, requester, delegator } = suite;
      await fund(suite, requester, AMOUNT);
      const now = await nextTime();
      const rewarding = staking.connect(requester).reward(node, AMOUNT);
      await expect(rewarding)
        .to.emit(staking, "NodeRewarded")
        .withArgs(node, requester, COMMISSION, parseEther("90"), parseEther("180"));
      await expect(rewarding).to.changeTokenBalances(ethers, token, [requester, staking], [-AMOUNT, AMOUNT]);

      expect(await staking.earningsOf(node)).to.equal(COMMISSION);
      const stake = { own: parseEther("1090"), delegated: parseEther("2180") };
      expect(await stakeOf(staking, node)).to.include(stake);
      expect((await staking.delegationOf(node, delegator)).amount).to.be.closeTo(stake.delegated, 1n);
      expect((await staking.standingOf(node, now)).stakeThen).to.equal(stake.own + stake.delegated);
    });

    it("rounds commission and the delegators' part down, and loses nothing [I41]", async () => {
      const suite = await given();
      await fund(suite, suite.requester, 1_000n);
      for (const [amount, commission, own, toDelegated] of [
        [0n, 0n, 0n, 0n],
        [1n, 0n, 1n, 0n],
        [2n, 0n, 1n, 1n],
        [21n, 2n, 7n, 12n],
      ] as const) {
        await expect(suite.staking.connect(suite.requester).reward(suite.node, amount))
          .to.emit(suite.staking, "NodeRewarded")
          .withArgs(suite.node, suite.requester, commission, own, toDelegated);
      }
    });

    it("gives stake that thaws no part", async () => {
      const suite = await given();
      const { staking, owner, node, delegator } = suite;
      const { shares } = await staking.delegationOf(node, delegator);
      await staking.connect(owner).thaw(node, OWN_STAKE / 2n);
      await staking.connect(delegator).undelegate(node, (shares * 3n) / 4n, 0n);
      await reward(suite, AMOUNT);
      expect(await stakeOf(staking, node)).to.deep.equal({
        own: OWN_STAKE / 2n + parseEther("135"),
        ownThawing: OWN_STAKE / 2n,
        delegated: DELEGATED / 4n + parseEther("135"),
        delegatedThawing: (DELEGATED * 3n) / 4n,
      });
    });

    it("takes the announced commission only when its notice is over [T031]", async () => {
      const suite = await given();
      const { staking, owner, node } = suite;
      await staking.connect(owner).proposeCommission(node, 5_000n);
      const [, , effectiveAt] = await staking.commissionOf(node);
      expect(effectiveAt).to.equal(BigInt(await time.latest()) + THAW_PERIOD);
      await fund(suite, suite.requester, 2n * AMOUNT);
      for (const [at, earned] of [
        [effectiveAt - 1n, COMMISSION],
        [effectiveAt, COMMISSION + AMOUNT / 2n],
      ] as const) {
        await time.setNextBlockTimestamp(at);
        await staking.connect(suite.requester).reward(node, AMOUNT);
        expect(await staking.earningsOf(node)).to.equal(earned);
      }
    });

    it("takes no notice of a plain transfer [T006 I03]", async () => {
      const suite = await given();
      const { staking, token, node, deployer } = suite;
      const before = await stakeOf(staking, node);
      await token.connect(deployer).transfer(staking, AMOUNT);
      expect(await stakeOf(staking, node)).to.deep.equal(before);
      expect(await staking.earningsOf(node)).to.equal(0n);
    });

    it("reverts when the amount is not allowed to be pulled", async () => {
      const { staking, token, node, stranger } = await given();
      await expect(staking.connect(stranger).reward(node, 1n))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(staking, 0n, 1n);
    });

    it("reverts for a node that does not exist", async () => {
      const { staking, stranger } = await given();
      await expect(staking.connect(stranger).reward(stranger, 1n))
        .to.be.revertedWithCustomError(staking, "StakingUnknownNode")
        .withArgs(stranger);
    });

    it("reverts for an amount that no slot can hold [T009]", async () => {
      const { staking, node, stranger } = await given();
      const amount = 10n * 2n ** 96n;
      await expect(staking.connect(stranger).reward(node, amount))
        .to.be.revertedWithCustomError(staking, "SafeCastOverflowedUintDowncast")
        .withArgs(96, amount / 10n);
    });
  });

  context("given a node without delegators", () => {
    it("pays all to its owner's side", async () => {
      const suite = await loadFixture(registered);
      const { staking, node, requester } = suite;
      await expect(reward(suite, AMOUNT))
        .to.emit(staking, "NodeRewarded")
        .withArgs(node, requester, COMMISSION, AMOUNT - COMMISSION, 0n);
    });
  });

  context("given a node that has nothing bonded [T025]", () => {
    it("pays all to the owner as earnings", async () => {
      const suite = await loadFixture(registered);
      const { staking, node, owner, requester } = suite;
      await staking.connect(owner).authorise(node, suite.consumer, OWN_STAKE);
      await slash(suite, OWN_STAKE);
      await expect(reward(suite, AMOUNT)).to.emit(staking, "NodeRewarded").withArgs(node, requester, AMOUNT, 0n, 0n);
      expect(await staking.earningsOf(node)).to.equal(AMOUNT);
      expect(await staking.backingOf(node)).to.equal(0n);
    });
  });

  context("given a delegator that joins for one reward", () => {
    it("shares in it only by staying slashable for a thaw [T032]", async () => {
      const suite = await loadFixture(delegated);
      const { staking, token, node, stranger } = suite;
      await delegate(suite, stranger, parseEther("1000"));
      await reward(suite, AMOUNT);
      const { shares } = await staking.delegationOf(node, stranger);
      await staking.connect(stranger).undelegate(node, shares, 0n);
      const [endsAt, amount] = await staking.thawOf(node, stranger, 0n);
      expect(endsAt).to.equal(BigInt(await time.latest()) + THAW_PERIOD);
      expect(amount).to.be.closeTo(parseEther("1067.5"), 1n);
      expect(await token.balanceOf(stranger)).to.equal(0n);
    });
  });
});
