import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { id } from "ethers";

import { batchId, batchLeaf } from "../../packages/sdk/src/codecs/receipt.ts";
import { nth } from "../support/actors.ts";
import { BATCH_URI, largeBatchOf, postBatch } from "../support/batches.ts";
import { released } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { chainId } from "../support/payments.ts";

const STATEMENTS = Array.from({ length: 7 }, (_, i) => id(`statement ${i}`));

/** A batch of seven leaves, none of which is a power of two away from the others. */
async function posted() {
  const suite = await released();
  const poster = nth(suite.operators, 0);
  return { ...suite, poster, ...(await postBatch(suite, poster, STATEMENTS)), postedAt: await time.latest() };
}

describe("ResultCommitments.checkLeaf", () => {
  const given = () => loadFixture(posted);

  context("given a leaf of the batch", () => {
    it("says when it was posted, for each", async () => {
      const { commitments, batch, pathOf, postedAt } = await given();
      await time.increase(10);
      for (const [index, statement] of STATEMENTS.entries()) {
        expect(await commitments.checkLeaf(batch, index, statement, [...pathOf(index)])).to.equal(postedAt);
      }
    });

    it("takes a batch of one, without a path, and a path of 20 among 2^20", async () => {
      const { commitments, poster } = await given();
      const connected = commitments.connect(poster.signer);
      const index = 2n ** 20n - 1n;
      const siblings = Array.from({ length: 20 }, (_, level) => id(`sibling ${level}`));
      for (const [leaf, path] of [
        [0n, []],
        [index, siblings],
      ] as const) {
        const batch = largeBatchOf(poster.signer.address, leaf, id("statement"), path);
        await connected.postBatch(batch.root, batch.count, BATCH_URI);
        expect(await commitments.checkLeaf(batch, leaf, id("statement"), [...path])).to.equal(await time.latest());
      }
    });
  });

  context("given something else", () => {
    it("reverts for another index, another statement and another path, and names what was asked [T111]", async () => {
      const { commitments, batch, pathOf } = await given();
      const batch_ = batchId(await chainId(), await commitments.getAddress(), batch);
      for (const [index, statement, path] of [
        [2, nth(STATEMENTS, 1), pathOf(1)],
        [1, nth(STATEMENTS, 2), pathOf(1)],
        [1, nth(STATEMENTS, 1), pathOf(2)],
        [1, nth(STATEMENTS, 1), pathOf(1).slice(1)],
        [1, nth(STATEMENTS, 1), []],
      ] as const) {
        await expect(commitments.checkLeaf(batch, index, statement, [...path]))
          .to.be.revertedWithCustomError(commitments, "CommitmentsNotInBatch")
          .withArgs(batch_, index, statement);
      }
    });

    it("reverts for an index that is in the tree and beyond the count [T111]", async () => {
      const { commitments, poster } = await given();
      const tree = StandardMerkleTree.of(
        [0n, 1n, 2n].map((index) => [index, id(`leaf ${index}`)] as [bigint, string]),
        ["uint256", "bytes32"],
      );
      const batch = { poster: poster.signer.address, root: tree.root, count: 2n };
      await commitments.connect(poster.signer).postBatch(tree.root, 2n, BATCH_URI);
      await commitments.checkLeaf(batch, 1n, id("leaf 1"), tree.getProof(1));
      await expect(commitments.checkLeaf(batch, 2n, id("leaf 2"), tree.getProof(2)))
        .to.be.revertedWithCustomError(commitments, "CommitmentsNotInBatch")
        .withArgs(batchId(await chainId(), await commitments.getAddress(), batch), 2n, id("leaf 2"));
    });

    it("reverts for an inner node that is shown as a leaf [T111]", async () => {
      const { commitments, batch, pathOf } = await given();
      const leaf = batchLeaf(1n, nth(STATEMENTS, 1));
      const [sibling = "", ...path] = pathOf(1);
      const [low, high] = leaf < sibling ? [leaf, sibling] : [sibling, leaf];
      // Their parent is the hash of these 64 bytes; a leaf is hashed twice.
      await expect(commitments.checkLeaf(batch, low, high, path)).to.be.revertedWithCustomError(
        commitments,
        "CommitmentsNotInBatch",
      );
    });

    it("reverts for a batch that was not posted so: by another, with another root or count", async () => {
      const { commitments, batch, pathOf, stranger } = await given();
      for (const other of [
        { ...batch, poster: stranger.address },
        { ...batch, root: id("another root") },
        { ...batch, count: batch.count + 1n },
      ]) {
        await expect(commitments.checkLeaf(other, 1, nth(STATEMENTS, 1), [...pathOf(1)]))
          .to.be.revertedWithCustomError(commitments, "CommitmentsUnknownBatch")
          .withArgs(batchId(await chainId(), await commitments.getAddress(), other));
      }
    });
  });
});
