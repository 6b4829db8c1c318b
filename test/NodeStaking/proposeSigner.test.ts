import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { registerNode, signConsent } from "../support/fixtures.ts";
import { itIsForTheOwner } from "../support/behaviours/nodeOwner.ts";
import { loadFixture } from "../support/network.ts";
import { nextTime, registered } from "../support/staking.ts";

/** As `local.json5` says, seconds. */
const ROTATION_PERIOD = 2n;

describe("NodeStaking.proposeSigner", () => {
  context("given a node and the consent of another key", () => {
    it("reserves the key and leaves the present signer in power", async () => {
      const suite = await loadFixture(registered);
      const { staking, owner, node, signer, stranger } = suite;
      const consent = await signConsent(suite, node, { signer: stranger });
      const effectiveAt = (await nextTime()) + ROTATION_PERIOD;

      await expect(staking.connect(owner).proposeSigner(node, stranger, consent))
        .to.emit(staking, "SignerProposed")
        .withArgs(node, stranger, effectiveAt);
      expect(await staking.signerOf(node)).to.deep.equal([signer.address, stranger.address, effectiveAt]);
      expect(await staking.nodeOf(stranger)).to.equal(node);
      expect(await staking.nodeOf(signer)).to.equal(node);
      expect(await staking.nonces(stranger)).to.equal(1n);
      expect(await staking.isOperator(node, stranger)).to.equal(false);
    });

    it("reverts without its consent [T038]", async () => {
      const suite = await loadFixture(registered);
      const { staking, owner, node, stranger } = suite;
      const ofAnother = await signConsent(suite, node, { signer: owner });
      await expect(staking.connect(owner).proposeSigner(node, stranger, ofAnother))
        .to.be.revertedWithCustomError(staking, "StakingBadConsent")
        .withArgs(node, stranger, 0n);
    });

    it("reverts for no key at all", async () => {
      const { staking, owner, node } = await loadFixture(registered);
      await expect(staking.connect(owner).proposeSigner(node, ZeroAddress, "0x"))
        .to.be.revertedWithCustomError(staking, "StakingSignerTaken")
        .withArgs(ZeroAddress, ZeroAddress);
    });

    it("reverts for the present signer", async () => {
      const suite = await loadFixture(registered);
      const { staking, owner, node, signer } = suite;
      const consent = await signConsent(suite, node, { signer });
      await expect(staking.connect(owner).proposeSigner(node, signer, consent))
        .to.be.revertedWithCustomError(staking, "StakingSignerTaken")
        .withArgs(signer, node);
    });

    it("reverts for the signer of another node, active or announced [I18]", async () => {
      const suite = await loadFixture(registered);
      const { staking, owner, node, other, stranger } = suite;
      await registerNode(suite, other);
      const consent = await signConsent(suite, other.node, { signer: stranger });
      await staking.connect(other.owner).proposeSigner(other.node, stranger, consent);

      for (const signer of [other.signer, stranger]) {
        const toUs = await signConsent(suite, node, { signer });
        await expect(staking.connect(owner).proposeSigner(node, signer, toUs))
          .to.be.revertedWithCustomError(staking, "StakingSignerTaken")
          .withArgs(signer, other.node);
      }
    });
  });

  context("given a signer that was announced before", () => {
    async function announced() {
      const suite = await registered();
      const { staking, owner, node, stranger } = suite;
      await staking.connect(owner).proposeSigner(node, stranger, await signConsent(suite, node, { signer: stranger }));
      return suite;
    }

    it("lets go of it for the new one", async () => {
      const suite = await loadFixture(announced);
      const { staking, owner, node, signer, stranger, thief } = suite;
      const consent = await signConsent(suite, node, { signer: thief });
      const effectiveAt = (await nextTime()) + ROTATION_PERIOD;
      await staking.connect(owner).proposeSigner(node, thief, consent);

      expect(await staking.nodeOf(stranger)).to.equal(ZeroAddress);
      expect(await staking.signerOf(node)).to.deep.equal([signer.address, thief.address, effectiveAt]);
    });

    it("begins its period anew when the same is announced again", async () => {
      const suite = await loadFixture(announced);
      const { staking, owner, node, stranger } = suite;
      const consent = await signConsent(suite, node, { signer: stranger });
      const effectiveAt = (await nextTime(10n)) + ROTATION_PERIOD;
      await expect(staking.connect(owner).proposeSigner(node, stranger, consent))
        .to.emit(staking, "SignerProposed")
        .withArgs(node, stranger, effectiveAt);
      expect(await staking.nodeOf(stranger)).to.equal(node);
    });
  });

  itIsForTheOwner(({ staking, thief }, caller, node) => staking.connect(caller).proposeSigner(node, thief, "0x"));
});
