import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { OWN_STAKE } from "../support/fixtures.ts";
import { itIsForTheOwner } from "../support/behaviours/nodeOwner.ts";
import { ethers, loadFixture } from "../support/network.ts";
import {
  delegated,
  lock,
  locked,
  LOCKED,
  nextTime,
  registered,
  SHARES_PER_ASSET,
  THAW_PERIOD,
} from "../support/staking.ts";

const AMOUNT = parseEther("100");

describe("NodeStaking.thaw", () => {
  context("given a node without locks", () => {
    it("takes stake out of the backing at once and pays nothing yet", async () => {
      const { staking, token, owner, node } = await loadFixture(registered);
      const endsAt = (await nextTime()) + THAW_PERIOD;
      const thawing = staking.connect(owner).thaw(node, AMOUNT);
      await expect(thawing)
        .to.emit(staking, "OwnStakeThawing")
        .withArgs(node, 0n, AMOUNT, AMOUNT * SHARES_PER_ASSET, endsAt);
      await expect(thawing).to.changeTokenBalances(ethers, token, [owner, staking], [0n, 0n]);

      const bonded = OWN_STAKE - AMOUNT;
      expect(await staking.ownStakeOf(node)).to.deep.equal([bonded, [AMOUNT, AMOUNT * SHARES_PER_ASSET, 0n]]);
      expect(await staking.thawOf(node, ZeroAddress, 0n)).to.deep.equal([endsAt, AMOUNT]);
      expect(await staking.backingOf(node)).to.equal(bonded);
    });

    it("numbers one thaw after the other", async () => {
      const { staking, owner, node } = await loadFixture(registered);
      await staking.connect(owner).thaw(node, AMOUNT);
      expect(await staking.connect(owner).thaw.staticCall(node, 1n)).to.equal(1n);
      const endsAt = (await nextTime(7n)) + THAW_PERIOD;
      await expect(staking.connect(owner).thaw(node, 1n))
        .to.emit(staking, "OwnStakeThawing")
        .withArgs(node, 1n, 1n, SHARES_PER_ASSET, endsAt);
      expect(await staking.thawOf(node, ZeroAddress, 0n)).to.deep.equal([endsAt - 7n, AMOUNT]);
      expect(await staking.thawOf(node, ZeroAddress, 1n)).to.deep.equal([endsAt, 1n]);
    });

    it("lets everything go", async () => {
      const { staking, owner, node } = await loadFixture(delegated);
      await staking.connect(owner).thaw(node, OWN_STAKE);
      expect(await staking.backingOf(node)).to.equal(0n);
      expect((await staking.standingOf(node, await nextTime())).covered).to.equal(true);
    });

    it("reverts for nothing, and for more than is bonded", async () => {
      const { staking, owner, node } = await loadFixture(registered);
      await expect(staking.connect(owner).thaw(node, 0n))
        .to.be.revertedWithCustomError(staking, "StakingAmountTooSmall")
        .withArgs(0n, 1n);
      await staking.connect(owner).thaw(node, AMOUNT);
      await expect(staking.connect(owner).thaw(node, OWN_STAKE - AMOUNT + 1n))
        .to.be.revertedWithCustomError(staking, "StakingInsufficient")
        .withArgs(node, OWN_STAKE - AMOUNT + 1n, OWN_STAKE - AMOUNT);
    });
  });

  context("given locks [T023 I14]", () => {
    // 625 OPG of its own carry three times as much delegated stake: together the 2,500 OPG that are locked.
    const MOST = OWN_STAKE - parseEther("625");

    it("lets go what the rest still backs, to the base unit", async () => {
      const { staking, owner, node } = await loadFixture(locked);
      await staking.connect(owner).thaw(node, MOST);
      expect(await staking.backingOf(node)).to.equal(LOCKED);
      expect((await staking.standingOf(node, await nextTime())).covered).to.equal(true);
    });

    it("reverts for a unit more and names what would be left", async () => {
      const { staking, owner, node } = await loadFixture(locked);
      await expect(staking.connect(owner).thaw(node, MOST + 1n))
        .to.be.revertedWithCustomError(staking, "StakingNotBacked")
        .withArgs(node, LOCKED, LOCKED - 4n);
    });

    it("reverts below the least own stake while anything is locked", async () => {
      const suite = await loadFixture(delegated);
      const { staking, owner, node } = suite;
      await lock(suite, 1n);
      await staking.connect(owner).thaw(node, OWN_STAKE - parseEther("1"));
      await expect(staking.connect(owner).thaw(node, 1n))
        .to.be.revertedWithCustomError(staking, "StakingNotBacked")
        .withArgs(node, 1n, 0n);
    });

    it("reverts for any unit once delegators have left the locks uncovered", async () => {
      const { staking, owner, node, delegator } = await loadFixture(locked);
      const { shares } = await staking.delegationOf(node, delegator);
      await staking.connect(delegator).undelegate(node, shares, 0n);
      await expect(staking.connect(owner).thaw(node, 1n))
        .to.be.revertedWithCustomError(staking, "StakingNotBacked")
        .withArgs(node, LOCKED, OWN_STAKE - 1n);
    });
  });

  itIsForTheOwner(({ staking }, caller, node) => staking.connect(caller).thaw(node, 1n));
});
