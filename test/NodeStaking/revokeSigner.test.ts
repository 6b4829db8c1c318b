import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { registerNode, signConsent } from "../support/fixtures.ts";
import { itIsForTheOwner } from "../support/behaviours/nodeOwner.ts";
import { loadFixture } from "../support/network.ts";
import { nextTime, registered } from "../support/staking.ts";

describe("NodeStaking.revokeSigner", () => {
  context("given a signer", () => {
    it("takes its power at once and sets the key free", async () => {
      const { staking, owner, node, signer } = await loadFixture(registered);
      const now = await nextTime();
      await expect(staking.connect(owner).revokeSigner(node))
        .to.emit(staking, "SignerActivated")
        .withArgs(node, ZeroAddress);

      expect(await staking.signerOf(node)).to.deep.equal([ZeroAddress, ZeroAddress, 0n]);
      expect(await staking.nodeOf(signer)).to.equal(ZeroAddress);
      expect(await staking.isOperator(node, signer)).to.equal(false);
      expect((await staking.standingOf(node, now)).signer).to.equal(ZeroAddress);
      expect(await staking.signerAt(node, now)).to.equal(ZeroAddress);
      expect(await staking.signerAt(node, now - 1n)).to.equal(signer);
    });

    it("leaves no trouble for the key at another node [I18]", async () => {
      const suite = await loadFixture(registered);
      const { staking, owner, node, signer, other } = suite;
      await staking.connect(owner).revokeSigner(node);
      await registerNode(suite, { ...other, signer });
      await staking.connect(owner).revokeSigner(node);
      expect(await staking.nodeOf(signer)).to.equal(other.node);
    });
  });

  context("given an announced signer, too", () => {
    it("drops it and sets that key free", async () => {
      const suite = await loadFixture(registered);
      const { staking, owner, node, stranger } = suite;
      const consent = await signConsent(suite, node, { signer: stranger });
      await staking.connect(owner).proposeSigner(node, stranger, consent);
      await staking.connect(owner).revokeSigner(node);

      expect(await staking.nodeOf(stranger)).to.equal(ZeroAddress);
      await nextTime(2n);
      await expect(staking.connect(owner).activateSigner(node))
        .to.be.revertedWithCustomError(staking, "StakingSignerNotDue")
        .withArgs(node, 0n);
    });
  });

  itIsForTheOwner(({ staking }, caller, node) => staking.connect(caller).revokeSigner(node));
});
