import { expect } from "chai";
import { parseEther } from "ethers";

import { OWN_STAKE } from "../support/fixtures.ts";
import { ethers, loadFixture, time } from "../support/network.ts";
import {
  delegate,
  DELEGATED,
  delegated,
  lock,
  locked,
  nextTime,
  OBLIGATION,
  SHARES_PER_ASSET,
  slash,
  stakeAgain,
  stakeOf,
  THAW_PERIOD,
  type Registered,
} from "../support/staking.ts";

const AMOUNT = parseEther("500");

async function undelegate(suite: Registered, amount: bigint, account = suite.delegator) {
  const { staking, node } = suite;
  await staking.connect(account).undelegate(node, amount * SHARES_PER_ASSET, 0n);
}

/** 1,500 OPG delegated, 500 OPG thawing. */
async function leaving() {
  const suite = await delegated();
  const endsAt = (await nextTime()) + THAW_PERIOD;
  await undelegate(suite, AMOUNT);
  return { ...suite, endsAt };
}

const withdraw = ({ staking, delegator, node }: Registered, thawId = 0n) =>
  staking.connect(delegator).withdrawDelegation(node, thawId);

describe("NodeStaking.withdrawDelegation", () => {
  context("given delegated stake that thaws", () => {
    const given = () => loadFixture(leaving);

    it("pays it to the delegator when the thaw is over", async () => {
      const suite = await given();
      const { staking, token, node, delegator, endsAt } = suite;
      await time.setNextBlockTimestamp(endsAt);
      const withdrawing = withdraw(suite);
      await expect(withdrawing).to.emit(staking, "DelegationWithdrawn").withArgs(node, delegator, 0n, AMOUNT);
      await expect(withdrawing).to.changeTokenBalances(ethers, token, [staking, delegator], [-AMOUNT, AMOUNT]);
      expect(await stakeOf(staking, node)).to.include({ delegated: DELEGATED - AMOUNT, delegatedThawing: 0n });
      expect(await staking.thawOf(node, delegator, 0n)).to.deep.equal([0n, 0n]);
    });

    it("reverts a second earlier and says when", async () => {
      const suite = await given();
      await time.setNextBlockTimestamp(suite.endsAt - 1n);
      await expect(withdraw(suite))
        .to.be.revertedWithCustomError(suite.staking, "StakingStillThawing")
        .withArgs(0n, suite.endsAt);
    });

    it("reverts the second time, for thaws that never were, and for those of others [T113]", async () => {
      const suite = await given();
      const { staking, node, delegator, owner, stranger, endsAt } = suite;
      await time.increaseTo(endsAt);
      for (const caller of [owner, stranger]) {
        await expect(staking.connect(caller).withdrawDelegation(node, 0n))
          .to.be.revertedWithCustomError(staking, "StakingUnknownThaw")
          .withArgs(node, caller, 0n);
      }
      await withdraw(suite);
      for (const thawId of [0n, 1n]) {
        await expect(withdraw(suite, thawId))
          .to.be.revertedWithCustomError(staking, "StakingUnknownThaw")
          .withArgs(node, delegator, thawId);
      }
    });

    it("pays what a slash has left, even one after the thaw was over [T023]", async () => {
      const suite = await given();
      const { token, delegator, endsAt } = suite;
      await time.increaseTo(endsAt);
      await slash(suite, OWN_STAKE + DELEGATED / 4n);
      await expect(withdraw(suite)).to.changeTokenBalances(ethers, token, [delegator], [(AMOUNT * 3n) / 4n]);
    });

    it("pays each delegator its part, whoever comes first [T024]", async () => {
      const suite = await given();
      const { staking, token, node, delegator, stranger } = suite;
      await delegate(suite, stranger, AMOUNT);
      await undelegate(suite, AMOUNT / 5n, stranger);
      await time.increase(THAW_PERIOD);
      await slash(suite, OWN_STAKE + DELEGATED / 4n);
      const part = (of: bigint) => (of * 4n) / 5n; // 500 of 2,500 OPG were taken
      const theirs = staking.connect(stranger).withdrawDelegation(node, 0n);
      await expect(theirs).to.changeTokenBalances(ethers, token, [stranger], [part(AMOUNT / 5n)]);
      await expect(withdraw(suite)).to.changeTokenBalances(ethers, token, [delegator], [part(AMOUNT)]);
    });
  });

  context("given locks that nothing backs any more", () => {
    it("pays: what the node owes is no reason to hold a delegator after the thaw", async () => {
      const suite = await loadFixture(locked);
      const { token, delegator } = suite;
      await undelegate(suite, DELEGATED);
      await time.increase(THAW_PERIOD);
      await expect(withdraw(suite)).to.changeTokenBalances(ethers, token, [delegator], [DELEGATED]);
    });
  });

  context("given a slash that took everything [T025]", () => {
    it("pays nothing, and is done", async () => {
      const suite = await loadFixture(delegated);
      const { staking, owner, node, consumer, delegator } = suite;
      await staking.connect(owner).authorise(node, consumer, OWN_STAKE + DELEGATED);
      await lock(suite, OWN_STAKE + DELEGATED);
      await undelegate(suite, DELEGATED);
      await staking.connect(consumer).slash(node, OBLIGATION, OWN_STAKE + DELEGATED, 0n, 0n);
      await time.increase(THAW_PERIOD);
      await expect(withdraw(suite)).to.emit(staking, "DelegationWithdrawn").withArgs(node, delegator, 0n, 0n);
    });
  });

  context("given a slash after which thawing shares were counted anew", () => {
    /** What thaws of the delegator lost all but a 290-millionth; 2,000 OPG of a stranger thaw beside it. */
    async function wornThaw() {
      const suite = await delegated();
      const { staking, owner, node, consumer, stranger } = suite;
      await staking.connect(owner).authorise(node, consumer, OWN_STAKE + DELEGATED);
      await lock(suite, OWN_STAKE + DELEGATED);
      await undelegate(suite, DELEGATED);
      await staking.connect(consumer).slash(node, OBLIGATION, OWN_STAKE + DELEGATED - DELEGATED / 290_000_000n, 0n, 0n);
      await stakeAgain(suite);
      await delegate(suite, stranger, DELEGATED);
      await lock(suite, OWN_STAKE + DELEGATED);
      await undelegate(suite, DELEGATED, stranger);
      return suite;
    }

    it("pays what is left, to the base unit [I12]", async () => {
      const suite = await loadFixture(wornThaw);
      const { staking, token, node, consumer, delegator, stranger } = suite;
      const before = (await stakeOf(staking, node)).delegatedThawing;
      await staking.connect(consumer).slash(node, OBLIGATION, OWN_STAKE + AMOUNT, 0n, 0n);
      const [, { assets, epoch }] = await staking.delegatedStakeOf(node);
      expect([assets, epoch]).to.deep.equal([before - AMOUNT, 1n]);

      await time.increase(THAW_PERIOD);
      await staking.connect(stranger).withdrawDelegation(node, 0n);
      await withdraw(suite);
      const ofNew = await token.balanceOf(stranger);
      const ofOld = await token.balanceOf(delegator);
      expect(ofNew).to.be.closeTo((DELEGATED * assets) / before, 2n);
      expect(assets - ofNew - ofOld).to.be.within(0n, 2n);
    });
  });
});
