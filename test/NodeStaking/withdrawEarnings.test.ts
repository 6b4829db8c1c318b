import { expect } from "chai";
import { parseEther } from "ethers";

import { itIsForTheOwner } from "../support/behaviours/nodeOwner.ts";
import { OWN_STAKE } from "../support/fixtures.ts";
import { ethers, loadFixture } from "../support/network.ts";
import { delegated, reward, slash, stakeOf } from "../support/staking.ts";

const COMMISSION = parseEther("30");

/** A node that has earned 300 OPG, 30 of them as commission. */
async function earned() {
  const suite = await delegated();
  await reward(suite, 10n * COMMISSION);
  return suite;
}

describe("NodeStaking.withdrawEarnings", () => {
  context("given commission", () => {
    const given = () => loadFixture(earned);

    it("pays it to the owner, and nothing of the stake", async () => {
      const { staking, token, owner, node } = await given();
      const before = await stakeOf(staking, node);
      expect(await staking.connect(owner).withdrawEarnings.staticCall(node)).to.equal(COMMISSION);
      const withdrawing = staking.connect(owner).withdrawEarnings(node);
      await expect(withdrawing).to.emit(staking, "EarningsWithdrawn").withArgs(node, owner, COMMISSION);
      await expect(withdrawing).to.changeTokenBalances(ethers, token, [staking, owner], [-COMMISSION, COMMISSION]);
      expect(await staking.earningsOf(node)).to.equal(0n);
      expect(await stakeOf(staking, node)).to.deep.equal(before);
    });

    it("pays nothing the second time", async () => {
      const { staking, token, owner, node } = await given();
      await staking.connect(owner).withdrawEarnings(node);
      const again = staking.connect(owner).withdrawEarnings(node);
      await expect(again).to.emit(staking, "EarningsWithdrawn").withArgs(node, owner, 0n);
      await expect(again).to.changeTokenBalances(ethers, token, [owner], [0n]);
    });

    it("pays who owns the node now", async () => {
      const { staking, token, owner, node, stranger } = await given();
      await staking.connect(owner).proposeOwner(node, stranger);
      await staking.connect(stranger).acceptOwnership(node);
      const withdrawing = staking.connect(stranger).withdrawEarnings(node);
      await expect(withdrawing).to.changeTokenBalances(ethers, token, [stranger, owner], [COMMISSION, 0n]);
    });

    it("pays even after a slash of everything: earnings are no stake [I08]", async () => {
      const suite = await given();
      const { staking, token, owner, node } = suite;
      await slash(suite, OWN_STAKE);
      const withdrawing = staking.connect(owner).withdrawEarnings(node);
      await expect(withdrawing).to.changeTokenBalances(ethers, token, [owner], [COMMISSION]);
    });
  });

  itIsForTheOwner(({ staking }, caller, node) => staking.connect(caller).withdrawEarnings(node));
});
