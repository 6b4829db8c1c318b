import { expect } from "chai";
import { encodeBytes32String, id, MaxUint256, ZeroHash } from "ethers";

import { batchId } from "../../packages/sdk/src/codecs/receipt.ts";
import { BATCH_URI, batchOf } from "../support/batches.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { chainId } from "../support/payments.ts";
import { nextTime } from "../support/staking.ts";

const ROOT = id("root");
const MOST_LEAVES = 2n ** 32n;

describe("ResultCommitments.postBatch", () => {
  const given = () => loadFixture(protocol);

  context("given a root that the account has not posted", () => {
    it("keeps the time under the hash of who states how much, and says where the leaves are", async () => {
      const { commitments, stranger } = await given();
      const batch = { poster: stranger.address, root: ROOT, count: 7n };
      const batch_ = batchId(await chainId(), await commitments.getAddress(), batch);
      const now = await nextTime();
      await expect(commitments.connect(stranger).postBatch(ROOT, 7n, BATCH_URI))
        .to.emit(commitments, "BatchPosted")
        .withArgs(batch_, stranger, ROOT, 7n, BATCH_URI);
      expect(await commitments.batchPostedAt(batch)).to.equal(now);
    });

    it("is each account's own: who copies a root states it itself [T111]", async () => {
      const { commitments, stranger, thief } = await given();
      await commitments.connect(thief).postBatch(ROOT, 7n, BATCH_URI);
      expect(await commitments.batchPostedAt({ poster: stranger.address, root: ROOT, count: 7n })).to.equal(0n);
      await commitments.connect(stranger).postBatch(ROOT, 7n, BATCH_URI);
      await commitments.connect(stranger).postBatch(ROOT, 8n, BATCH_URI);
    });

    it("takes one leaf and as many as there can be, and a place of one byte and of 256", async () => {
      const { commitments, stranger } = await given();
      await commitments.connect(stranger).postBatch(ROOT, 1n, "x");
      await commitments.connect(stranger).postBatch(ROOT, MOST_LEAVES, "x".repeat(256));
    });
  });

  context("given a root that it has posted", () => {
    it("reverts and names the time: it cannot be moved", async () => {
      const { commitments, stranger } = await given();
      await commitments.connect(stranger).postBatch(ROOT, 7n, BATCH_URI);
      const postedAt = await time.latest();
      await time.increase(10);
      const batch = batchId(await chainId(), await commitments.getAddress(), {
        poster: stranger.address,
        root: ROOT,
        count: 7n,
      });
      await expect(commitments.connect(stranger).postBatch(ROOT, 7n, "elsewhere"))
        .to.be.revertedWithCustomError(commitments, "CommitmentsBatchPosted")
        .withArgs(batch, postedAt);
    });
  });

  context("given a field outside its bounds", () => {
    for (const [field, root, count, uri, value, least, most] of [
      ["root", ZeroHash, 7n, BATCH_URI, 0n, 1n, MaxUint256],
      ["count", ROOT, 0n, BATCH_URI, 0n, 1n, MOST_LEAVES],
      ["count", ROOT, MOST_LEAVES + 1n, BATCH_URI, MOST_LEAVES + 1n, 1n, MOST_LEAVES],
      ["uri", ROOT, 7n, "", 0n, 1n, 256n],
      ["uri", ROOT, 7n, "x".repeat(257), 257n, 1n, 256n],
    ] as const) {
      it(`reverts for a ${field} of ${value} and names the bounds`, async () => {
        const { commitments, stranger } = await given();
        await expect(commitments.connect(stranger).postBatch(root, count, uri))
          .to.be.revertedWithCustomError(commitments, "CommitmentsBatchOutOfBounds")
          .withArgs(encodeBytes32String(field), value, least, most);
      });
    }
  });

  context("given a tree of any size", () => {
    it("costs the same", async () => {
      const { commitments, stranger } = await given();
      await commitments.connect(stranger).postBatch(id("another"), 1n, BATCH_URI);
      const gas = async (root: string, count: bigint) =>
        (await (await commitments.connect(stranger).postBatch(root, count, BATCH_URI)).wait())?.gasUsed ?? 0n;
      const [small, large] = [
        await gas(batchOf(stranger.address, [id("leaf")]).batch.root, 1n),
        await gas(ROOT, 2n ** 20n),
      ];
      expect(large - small).to.be.lessThan(200n);
      expect(small - large).to.be.lessThan(200n);
    });
  });
});
