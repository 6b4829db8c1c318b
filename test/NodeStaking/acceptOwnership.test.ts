import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { ethers, loadFixture, time } from "../support/network.ts";
import { registered, reward, THAW_PERIOD } from "../support/staking.ts";

async function offered() {
  const suite = await registered();
  await suite.staking.connect(suite.owner).proposeOwner(suite.node, suite.stranger);
  return suite;
}

describe("NodeStaking.acceptOwnership", () => {
  context("given a node that was offered", () => {
    const given = () => loadFixture(offered);

    it("hands the node over and leaves its name and signer", async () => {
      const { staking, owner, node, signer, stranger } = await given();
      await expect(staking.connect(stranger).acceptOwnership(node))
        .to.emit(staking, "NodeTransferred")
        .withArgs(node, owner, stranger);
      expect(await staking.ownerOf(node)).to.deep.equal([stranger.address, ZeroAddress]);
      expect(await staking.nodeOf(signer)).to.equal(node);
      expect(await staking.isOperator(node, owner)).to.equal(false);
      expect(await staking.isOperator(node, stranger)).to.equal(true);
    });

    it("hands over what is bonded, what thaws, and what was earned and not taken", async () => {
      const suite = await given();
      const { staking, token, owner, node, stranger } = suite;
      await staking.connect(owner).thaw(node, parseEther("100"));
      await reward(suite, parseEther("10"));
      await staking.connect(stranger).acceptOwnership(node);
      await time.increase(THAW_PERIOD);

      const withdrawing = staking.connect(stranger).withdraw(node, 0n);
      await expect(withdrawing).to.changeTokenBalances(ethers, token, [stranger], [parseEther("100")]);
      const earning = staking.connect(stranger).withdrawEarnings(node);
      await expect(earning).to.changeTokenBalances(ethers, token, [stranger], [parseEther("1")]);
      await staking.connect(stranger).thaw(node, parseEther("909"));
    });

    it("reverts for anyone else, the present owner too, and names who may", async () => {
      const { staking, owner, node, stranger, thief } = await given();
      for (const caller of [owner, thief]) {
        await expect(staking.connect(caller).acceptOwnership(node))
          .to.be.revertedWithCustomError(staking, "StakingNotNextOwner")
          .withArgs(node, caller, stranger);
      }
    });

    it("reverts the second time", async () => {
      const { staking, node, stranger } = await given();
      await staking.connect(stranger).acceptOwnership(node);
      await expect(staking.connect(stranger).acceptOwnership(node))
        .to.be.revertedWithCustomError(staking, "StakingNotNextOwner")
        .withArgs(node, stranger, ZeroAddress);
    });
  });

  context("given a node that was not offered, or none", () => {
    it("reverts", async () => {
      const { staking, node, stranger } = await loadFixture(registered);
      for (const subject of [node, stranger.address]) {
        await expect(staking.connect(stranger).acceptOwnership(subject))
          .to.be.revertedWithCustomError(staking, "StakingNotNextOwner")
          .withArgs(subject, stranger, ZeroAddress);
      }
    });
  });
});
