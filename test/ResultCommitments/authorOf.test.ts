import { expect } from "chai";
import { toBeHex, Wallet, ZeroHash, id } from "ethers";

import { sealTypedData, signedSeal } from "../../packages/sdk/src/codecs/commitment.ts";
import { loadFixture } from "../support/network.ts";
import { round } from "../support/rounds.ts";

/** Of the group: no signature has so large a first word. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** A node's seal, and a key that has signed it. */
async function signedByKey() {
  const suite = await loadFixture(round);
  const key = new Wallet(id("key"));
  const { chainId, commitments } = suite.round.key;
  const [node] = suite.nodes;
  const seal = { chainId, commitments, roundId: suite.round.roundId, node, commitment: suite.round.sealOf(node) };
  const { domain, types, message } = sealTypedData(seal);
  return { ...suite, key, seal, signed: signedSeal(seal, await key.signTypedData(domain, types, message)) };
}

describe("ResultCommitments.authorOf", () => {
  context("given a signature on a seal", () => {
    it("gives who made it", async () => {
      const { commitments, key, seal, signed } = await signedByKey();
      const { roundId, node, commitment } = seal;
      expect(await commitments.authorOf(roundId, node, commitment, signed.r, signed.vs)).to.equal(key.address);
    });

    it("gives somebody else where round, node or commitment differ [T170]", async () => {
      const { commitments, key, seal, signed, nodes } = await signedByKey();
      for (const changes of [{ roundId: id("other") }, { node: nodes[1] }, { commitment: id("other") }]) {
        const { roundId, node, commitment } = { ...seal, ...changes };
        const author = await commitments.authorOf(roundId, node, commitment, signed.r, signed.vs);
        expect(author).not.to.equal(key.address);
      }
    });
  });

  context("given what is nobody's signature", () => {
    it("reverts and names it, so that nobody passes for the signer of a node that has none [T171]", async () => {
      const { commitments, seal } = await signedByKey();
      const { roundId, node, commitment } = seal;
      for (const [r, vs] of [
        [ZeroHash, ZeroHash],
        [toBeHex(ORDER, 32), id("s")],
      ] as const) {
        await expect(commitments.authorOf(roundId, node, commitment, r, vs))
          .to.be.revertedWithCustomError(commitments, "CommitmentsBadSignature")
          .withArgs(roundId, node, r, vs);
      }
    });
  });

  it("names contract and chain in the domain that is signed", async () => {
    const { commitments, seal } = await signedByKey();
    const { name, version, chainId, verifyingContract } = await commitments.eip712Domain();
    expect({ name, version, chainId, verifyingContract }).to.deep.equal(sealTypedData(seal).domain);
  });
});
