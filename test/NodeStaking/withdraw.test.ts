import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { OWN_STAKE } from "../support/fixtures.ts";
import { itIsForTheOwner } from "../support/behaviours/nodeOwner.ts";
import { ethers, loadFixture, time } from "../support/network.ts";
import { DAY, delegated, locked, OBLIGATION, slash, THAW_PERIOD } from "../support/staking.ts";

const AMOUNT = parseEther("375");

/** 625 OPG bonded, 375 OPG thawing. */
async function thawing() {
  const suite = await delegated();
  await suite.staking.connect(suite.owner).thaw(suite.node, AMOUNT);
  const [endsAt] = await suite.staking.thawOf(suite.node, ZeroAddress, 0n);
  return { ...suite, endsAt };
}

/** The same with 2,500 OPG locked, of which 100 OPG were slashed: 562.5 OPG of its own carry only 2,250. */
async function exposed() {
  const suite = await locked();
  const { staking, owner, node, consumer } = suite;
  await staking.connect(owner).thaw(node, AMOUNT);
  await staking.connect(consumer).slash(node, OBLIGATION, parseEther("100"), 0n, 0n);
  await time.increase(THAW_PERIOD);
  return suite;
}

describe("NodeStaking.withdraw", () => {
  context("given stake that thaws", () => {
    const given = () => loadFixture(thawing);

    it("pays it to the owner when the thaw is over", async () => {
      const { staking, token, owner, node, endsAt } = await given();
      await time.setNextBlockTimestamp(endsAt);
      const withdrawing = staking.connect(owner).withdraw(node, 0n);
      await expect(withdrawing).to.emit(staking, "OwnStakeWithdrawn").withArgs(node, 0n, owner, AMOUNT);
      await expect(withdrawing).to.changeTokenBalances(ethers, token, [staking, owner], [-AMOUNT, AMOUNT]);
      expect(await staking.ownStakeOf(node)).to.deep.equal([OWN_STAKE - AMOUNT, [0n, 0n, 0n]]);
      expect(await staking.thawOf(node, ZeroAddress, 0n)).to.deep.equal([0n, 0n]);
    });

    it("reverts a second earlier and says when", async () => {
      const { staking, owner, node, endsAt } = await given();
      await time.setNextBlockTimestamp(endsAt - 1n);
      await expect(staking.connect(owner).withdraw(node, 0n))
        .to.be.revertedWithCustomError(staking, "StakingStillThawing")
        .withArgs(0n, endsAt);
    });

    it("reverts the second time, and for thaws that never were", async () => {
      const { staking, owner, node, endsAt } = await given();
      await time.increaseTo(endsAt);
      await staking.connect(owner).withdraw(node, 0n);
      for (const thawId of [0n, 1n]) {
        await expect(staking.connect(owner).withdraw(node, thawId))
          .to.be.revertedWithCustomError(staking, "StakingUnknownThaw")
          .withArgs(node, ZeroAddress, thawId);
      }
    });

    it("pays what a slash has left, even one after the thaw was over [T023]", async () => {
      const suite = await given();
      const { staking, token, owner, node, endsAt } = suite;
      await time.increaseTo(endsAt);
      await slash(suite, parseEther("500"));
      const withdrawing = staking.connect(owner).withdraw(node, 0n);
      await expect(withdrawing).to.changeTokenBalances(ethers, token, [owner], [AMOUNT / 2n]);
    });

    it("pays nothing, and is done, when a slash took everything [T025]", async () => {
      const suite = await given();
      const { staking, owner, node, endsAt } = suite;
      await slash(suite, OWN_STAKE);
      await time.increaseTo(endsAt);
      await expect(staking.connect(owner).withdraw(node, 0n))
        .to.emit(staking, "OwnStakeWithdrawn")
        .withArgs(node, 0n, owner, 0n);
    });
  });

  context("given locks that what remains does not carry", () => {
    it("reverts, so that the first loss does not leave first [T023 I14]", async () => {
      const { staking, owner, node } = await loadFixture(exposed);
      await expect(staking.connect(owner).withdraw(node, 0n))
        .to.be.revertedWithCustomError(staking, "StakingNotBacked")
        .withArgs(node, parseEther("2400"), parseEther("2250"));
    });

    it("pays as soon as the consumer has let go of the difference", async () => {
      const { staking, owner, node, consumer } = await loadFixture(exposed);
      await staking.connect(consumer).unlock(node, OBLIGATION, parseEther("150") - 1n);
      await expect(staking.connect(owner).withdraw(node, 0n))
        .to.be.revertedWithCustomError(staking, "StakingNotBacked")
        .withArgs(node, parseEther("2250") + 1n, parseEther("2250"));
      await staking.connect(consumer).unlock(node, OBLIGATION, 1n);
      await staking.connect(owner).withdraw(node, 0n);
    });

    it("pays after a stranger has released the lock of a dead consumer [T029 I16]", async () => {
      const { staking, token, owner, node, consumer, stranger } = await loadFixture(exposed);
      await time.increase(30n * DAY);
      await staking.connect(stranger).release(node, consumer, OBLIGATION);
      const withdrawing = staking.connect(owner).withdraw(node, 0n);
      await expect(withdrawing).to.changeTokenBalances(ethers, token, [owner], [parseEther("337.5")]);
    });
  });

  itIsForTheOwner(({ staking }, caller, node) => staking.connect(caller).withdraw(node, 0n));
});
