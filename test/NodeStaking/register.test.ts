import { expect } from "chai";
import { concat, parseEther, Signature, toBeHex, ZeroAddress } from "ethers";

import { OWN_STAKE, registerNode, signConsent } from "../support/fixtures.ts";
import { ethers, loadFixture } from "../support/network.ts";
import { fund, nextTime, registered, unregistered } from "../support/staking.ts";

const LEAST_OWN_STAKE = parseEther("1");
const URI = "https://node.example";
/** Order of secp256k1: with it every signature has a twin of the same key. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** An operator with enough OPG, and the consent of its hot key. */
async function funded() {
  const suite = await unregistered();
  await fund(suite, suite.owner, OWN_STAKE);
  return { ...suite, consent: await signConsent(suite, suite.node, suite.operator) };
}

describe("NodeStaking.register", () => {
  context("given an account with OPG and the consent of a hot key", () => {
    const given = () => loadFixture(funded);

    it("creates the node, puts its signer in place and takes the stake", async () => {
      const { staking, token, owner, signer, node, consent } = await given();
      const now = await nextTime();

      const registering = staking.connect(owner).register(OWN_STAKE, signer, consent, 250n, URI);
      await expect(registering)
        .to.emit(staking, "NodeRegistered")
        .withArgs(node, signer, OWN_STAKE, 250n, URI)
        .and.to.emit(staking, "SignerActivated")
        .withArgs(node, signer);
      await expect(registering).to.changeTokenBalances(ethers, token, [owner, staking], [-OWN_STAKE, OWN_STAKE]);

      expect(await staking.ownerOf(node)).to.deep.equal([owner.address, ZeroAddress]);
      expect(await staking.signerOf(node)).to.deep.equal([signer.address, ZeroAddress, 0n]);
      expect(await staking.nodeOf(signer)).to.equal(node);
      expect(await staking.nonces(signer)).to.equal(1n);
      expect(await staking.ownStakeOf(node)).to.deep.equal([OWN_STAKE, [0n, 0n, 0n]]);
      expect(await staking.commissionOf(node)).to.deep.equal([250n, 0n, 0n]);
      expect(await staking.metadataURIOf(node)).to.equal(URI);
      expect(await staking.standingOf(node, now)).to.deep.equal([signer.address, OWN_STAKE, true]);
    });

    it("accepts the least own stake and the highest commission", async () => {
      const { staking, owner, signer, node, consent } = await given();
      await staking.connect(owner).register(LEAST_OWN_STAKE, signer, consent, 5_000n, "");
      expect(await staking.backingOf(node)).to.equal(LEAST_OWN_STAKE);
      expect(await staking.commissionOf(node)).to.deep.equal([5_000n, 0n, 0n]);
    });

    it("reverts below the least own stake and names it", async () => {
      const { staking, owner, signer, consent } = await given();
      await expect(staking.connect(owner).register(LEAST_OWN_STAKE - 1n, signer, consent, 0n, URI))
        .to.be.revertedWithCustomError(staking, "StakingOwnStakeTooSmall")
        .withArgs(LEAST_OWN_STAKE - 1n, LEAST_OWN_STAKE);
    });

    it("reverts above the cap of commissions and names it", async () => {
      const { staking, owner, signer, consent } = await given();
      await expect(staking.connect(owner).register(OWN_STAKE, signer, consent, 5_001n, URI))
        .to.be.revertedWithCustomError(staking, "StakingCommissionTooHigh")
        .withArgs(5_001n, 5_000n);
    });

    it("reverts when the stake is not allowed to be pulled", async () => {
      const { staking, token, owner, signer, consent } = await given();
      await token.connect(owner).approve(staking, OWN_STAKE - 1n);
      await expect(staking.connect(owner).register(OWN_STAKE, signer, consent, 0n, URI))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(staking, OWN_STAKE - 1n, OWN_STAKE);
    });

    it("reverts for a stake that no slot can hold [T009]", async () => {
      const { staking, owner, signer, consent } = await given();
      await expect(staking.connect(owner).register(2n ** 96n, signer, consent, 0n, URI))
        .to.be.revertedWithCustomError(staking, "SafeCastOverflowedUintDowncast")
        .withArgs(96, 2n ** 96n);
    });

    it("reverts without a signer", async () => {
      const { staking, owner, consent } = await given();
      await expect(staking.connect(owner).register(OWN_STAKE, ZeroAddress, consent, 0n, URI))
        .to.be.revertedWithCustomError(staking, "StakingSignerTaken")
        .withArgs(ZeroAddress, ZeroAddress);
    });
  });

  context("given a consent that is not the signer's, for this node, now [T005 T038]", () => {
    const given = () => loadFixture(funded);

    const isRefused = async (consent: string) => {
      const { staking, owner, signer, node } = await given();
      await expect(staking.connect(owner).register(OWN_STAKE, signer, consent, 0n, URI))
        .to.be.revertedWithCustomError(staking, "StakingBadConsent")
        .withArgs(node, signer, 0n);
    };

    it("reverts for the signature of another key", async () => {
      const suite = await given();
      await isRefused(await signConsent(suite, suite.node, suite.other));
    });

    it("reverts for a consent to another node", async () => {
      const suite = await given();
      await isRefused(await signConsent(suite, suite.other.node, suite.operator));
    });

    it("reverts for a consent with another nonce", async () => {
      const suite = await given();
      await isRefused(await signConsent(suite, suite.node, suite.operator, { nonce: 1n }));
    });

    it("reverts for a consent on another chain, or to another contract", async () => {
      const suite = await given();
      const verifyingContract = await suite.token.getAddress();
      await isRefused(await signConsent(suite, suite.node, suite.operator, { chainId: 1n }));
      await isRefused(await signConsent(suite, suite.node, suite.operator, { verifyingContract }));
    });

    it("reverts for the malleable twin of a good signature", async () => {
      const { consent } = await given();
      const { r, s, yParity } = Signature.from(consent);
      await isRefused(concat([r, toBeHex(ORDER - BigInt(s), 32), toBeHex(28 - yParity, 1)]));
    });

    it("reverts for bytes that are no signature", async () => {
      await isRefused("0x");
      await isRefused(toBeHex(0, 65));
    });
  });

  context("given a registered node", () => {
    it("reverts when its address registers again, even after it changed hands", async () => {
      const { staking, owner, signer, node, stranger } = await loadFixture(registered);
      const again = () => staking.connect(owner).register(OWN_STAKE, signer, "0x", 0n, URI);
      await expect(again()).to.be.revertedWithCustomError(staking, "StakingNodeExists").withArgs(node);

      await staking.connect(owner).proposeOwner(node, stranger);
      await staking.connect(stranger).acceptOwnership(node);
      await expect(again()).to.be.revertedWithCustomError(staking, "StakingNodeExists").withArgs(node);
    });

    it("reverts when another node brings the same signer, and names whose it is [T038 I18]", async () => {
      const suite = await loadFixture(registered);
      const { staking, signer, node, stranger } = suite;
      const consent = await signConsent(suite, stranger.address, { signer });
      await expect(staking.connect(stranger).register(OWN_STAKE, signer, consent, 0n, URI))
        .to.be.revertedWithCustomError(staking, "StakingSignerTaken")
        .withArgs(signer, node);
    });

    it("reverts when a revoked signer's old consent is used again [T005]", async () => {
      const suite = await loadFixture(registered);
      const { staking, owner, signer, node } = suite;
      const used = await signConsent(suite, node, { signer }, { nonce: 0n });
      await staking.connect(owner).revokeSigner(node);
      await expect(staking.connect(owner).proposeSigner(node, signer, used))
        .to.be.revertedWithCustomError(staking, "StakingBadConsent")
        .withArgs(node, signer, 1n);
    });

    it("leaves nodes of other accounts alone", async () => {
      const suite = await loadFixture(registered);
      const { staking, node, signer, other } = suite;
      await registerNode(suite, other, 0n);
      expect(await staking.nodeOf(other.signer)).to.equal(other.node);
      expect(await staking.nodeOf(signer)).to.equal(node);
      expect(await staking.backingOf(node)).to.equal(OWN_STAKE);
      expect(await staking.commissionOf(node)).to.deep.equal([1_000n, 0n, 0n]);
    });
  });
});
