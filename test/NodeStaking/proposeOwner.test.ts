import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { itIsForTheOwner } from "../support/behaviours/nodeOwner.ts";
import { loadFixture } from "../support/network.ts";
import { registered } from "../support/staking.ts";

describe("NodeStaking.proposeOwner", () => {
  context("given a node", () => {
    it("offers it and changes nothing else", async () => {
      const { staking, owner, node, stranger } = await loadFixture(registered);
      await expect(staking.connect(owner).proposeOwner(node, stranger))
        .to.emit(staking, "NodeTransferProposed")
        .withArgs(node, owner, stranger);
      expect(await staking.ownerOf(node)).to.deep.equal([owner.address, stranger.address]);
      expect(await staking.isOperator(node, stranger)).to.equal(false);
    });

    it("puts a later offer in place of an earlier one", async () => {
      const { staking, owner, node, stranger, thief } = await loadFixture(registered);
      await staking.connect(owner).proposeOwner(node, thief);
      await staking.connect(owner).proposeOwner(node, stranger);
      await expect(staking.connect(thief).acceptOwnership(node))
        .to.be.revertedWithCustomError(staking, "StakingNotNextOwner")
        .withArgs(node, thief, stranger);
    });

    it("withdraws an offer by naming nobody", async () => {
      const { staking, owner, node, stranger } = await loadFixture(registered);
      await staking.connect(owner).proposeOwner(node, stranger);
      await expect(staking.connect(owner).proposeOwner(node, ZeroAddress))
        .to.emit(staking, "NodeTransferProposed")
        .withArgs(node, owner, ZeroAddress);
      await expect(staking.connect(stranger).acceptOwnership(node))
        .to.be.revertedWithCustomError(staking, "StakingNotNextOwner")
        .withArgs(node, stranger, ZeroAddress);
    });
  });

  itIsForTheOwner(({ staking, thief }, caller, node) => staking.connect(caller).proposeOwner(node, thief));
});
