import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { challengeSeal } from "../../packages/sdk/src/codecs/dispute.ts";
import { protocol } from "../support/fixtures.ts";
import { ethers, loadFixture } from "../support/network.ts";
import { chainId } from "../support/payments.ts";

describe("DisputeGame.seal", () => {
  context("given a seal that nobody made", () => {
    it("keeps the block, which nobody can move any more [T063]", async () => {
      const { disputes, stranger, thief } = await loadFixture(protocol);
      const challenge = {
        challenger: stranger.address,
        statementId: id("statement"),
        shown: id("trace"),
        salt: id("salt"),
      };
      const place = { chainId: await chainId(), disputes: await disputes.getAddress() };
      const seal = await disputes.challengeSealOf(stranger, challenge.statementId, challenge.shown, challenge.salt);
      expect(seal).to.equal(challengeSeal(place, challenge));
      await expect(disputes.connect(stranger).seal(seal)).to.emit(disputes, "ChallengeSealed").withArgs(seal);
      const block = await ethers.provider.getBlockNumber();
      await expect(disputes.connect(thief).seal(seal))
        .to.be.revertedWithCustomError(disputes, "DisputeSealTaken")
        .withArgs(seal);
      expect(await disputes.sealedInBlock(seal)).to.equal(block);
    });
  });

  context("given zero", () => {
    it("reverts: it means none", async () => {
      const { disputes, stranger } = await loadFixture(protocol);
      await expect(disputes.connect(stranger).seal(ZeroHash))
        .to.be.revertedWithCustomError(disputes, "DisputeSealTaken")
        .withArgs(ZeroHash);
    });
  });
});
