import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { registerNode, signConsent } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { nextTime, registered } from "../support/staking.ts";

/** A node whose next signer is `thief`. */
async function announced() {
  const suite = await registered();
  const { staking, owner, node, thief } = suite;
  await staking.connect(owner).proposeSigner(node, thief, await signConsent(suite, node, { signer: thief }));
  const [, , dueAt] = await staking.signerOf(node);
  return { ...suite, next: thief, dueAt };
}

describe("NodeStaking.activateSigner", () => {
  context("given an announced signer", () => {
    const given = () => loadFixture(announced);

    it("reverts a second too early and says when", async () => {
      const { staking, node, stranger, dueAt } = await given();
      await time.setNextBlockTimestamp(dueAt - 1n);
      await expect(staking.connect(stranger).activateSigner(node))
        .to.be.revertedWithCustomError(staking, "StakingSignerNotDue")
        .withArgs(node, dueAt);
    });

    it("lets a stranger put it in place when it is due [T039]", async () => {
      const { staking, node, signer, stranger, next, dueAt } = await given();
      await time.setNextBlockTimestamp(dueAt);
      await expect(staking.connect(stranger).activateSigner(node))
        .to.emit(staking, "SignerActivated")
        .withArgs(node, next);

      expect(await staking.signerOf(node)).to.deep.equal([next.address, ZeroAddress, 0n]);
      expect(await staking.nodeOf(next)).to.equal(node);
      expect(await staking.nodeOf(signer)).to.equal(ZeroAddress);
      expect(await staking.isOperator(node, signer)).to.equal(false);
      expect(await staking.isOperator(node, next)).to.equal(true);
      expect((await staking.standingOf(node, dueAt)).signer).to.equal(next);
    });

    it("sets the old key free for another node [I18]", async () => {
      const suite = await given();
      const { staking, owner, node, other, signer, dueAt } = suite;
      await time.increaseTo(dueAt);
      await staking.connect(owner).activateSigner(node);
      await registerNode(suite, { ...other, signer });
      expect(await staking.nodeOf(signer)).to.equal(other.node);
    });

    it("reverts the second time", async () => {
      const { staking, owner, node, dueAt } = await given();
      await time.increaseTo(dueAt);
      await staking.connect(owner).activateSigner(node);
      await expect(staking.connect(owner).activateSigner(node))
        .to.be.revertedWithCustomError(staking, "StakingSignerNotDue")
        .withArgs(node, 0n);
    });
  });

  context("given a revoked signer and an announced one", () => {
    it("puts the announced one in place", async () => {
      const suite = await loadFixture(registered);
      const { staking, owner, node, stranger, thief } = suite;
      await staking.connect(owner).revokeSigner(node);
      const consent = await signConsent(suite, node, { signer: thief });
      await staking.connect(owner).proposeSigner(node, thief, consent);
      await nextTime(2n);
      await staking.connect(stranger).activateSigner(node);
      expect(await staking.signerOf(node)).to.deep.equal([thief.address, ZeroAddress, 0n]);
    });
  });

  context("given no announced signer, or no node", () => {
    it("reverts", async () => {
      const { staking, node, stranger } = await loadFixture(registered);
      for (const subject of [node, stranger.address]) {
        await expect(staking.connect(stranger).activateSigner(subject))
          .to.be.revertedWithCustomError(staking, "StakingSignerNotDue")
          .withArgs(subject, 0n);
      }
    });
  });
});
