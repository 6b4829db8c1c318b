import { expect } from "chai";
import { hexlify, keccak256, ZeroHash } from "ethers";

import { MerkleTree } from "../../packages/sdk/src/codecs/merkle.ts";
import { encodeStep, Layout, Opcode, PROFILE, type Step } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { loadFixture } from "../support/network.ts";
import { refereed } from "../support/referee.ts";
import { bytes, FLOAT, UINT8 } from "../support/scenes.ts";

describe("OnnxReferee.own", () => {
  const random = new Random(21);
  const step = (dtype: number, layout: Layout, ...shape: readonly number[]): Step => {
    const inputs = [{ from: 0, layout, dtype, shape }];
    return { opcode: Opcode.Move, layout, dtype, shape, inputs, attrs: [], constRoot: ZeroHash, constDepth: 0 };
  };
  const rows = (count: number): string => encodeStep(step(UINT8, Layout.Rows, count, 32), 1, PROFILE);
  const treeOf = (words: number): MerkleTree => new MerkleTree(bytes(random, 32 * words).data);
  const wordsOf = (tree: MerkleTree, count: number) => Array.from({ length: count }, (_, i) => tree.word(i));

  context("given a tensor of at most 256 words", () => {
    for (const count of [1, 2, 3, 200, 256])
      it(`gives the root over its ${count} words`, async () => {
        const { referee } = await loadFixture(refereed);
        const tree = treeOf(count);
        const expected = [hexlify(tree.root), BigInt(tree.depth), true];
        expect(await referee.own(rows(count), wordsOf(tree, count))).to.deep.equal(expected);
      });
  });

  context("given a larger tensor", () => {
    for (const [count, levels] of [
      [257, 5],
      [512, 5],
      [700, 5],
      [1_025, 6],
      [2 ** 16, 8],
      [2 ** 18, 8],
    ] as const)
      it(`gives the root over 2^${levels} parts of its ${count} words`, async () => {
        const { referee } = await loadFixture(refereed);
        const tree = treeOf(count);
        const expected = [hexlify(tree.root), BigInt(tree.depth), false];
        expect(await referee.own(rows(count), tree.nodesAt(levels))).to.deep.equal(expected);
      });
  });

  it("counts words by layout, type and shape [T071]", async () => {
    const { referee } = await loadFixture(refereed);
    for (const [tensor, count] of [
      [step(UINT8, Layout.Packed, 3, 11), 2],
      [step(FLOAT, Layout.Packed, 3, 3), 2],
      [step(7, Layout.Packed, 9), 3],
      [step(UINT8, Layout.Rows, 3, 11), 3],
      [step(UINT8, Layout.Image, 1, 33, 2, 2), 8],
      [step(UINT8, Layout.Rows, 1, 1, 1, 1, 1, 7), 1],
    ] as const) {
      const tree = treeOf(count);
      const [root] = await referee.own(encodeStep(tensor, 3, PROFILE), wordsOf(tree, count));
      expect(root).to.equal(hexlify(tree.root));
    }
  });

  context("when there are more or fewer nodes", () => {
    it("reverts and says how many it takes [T076]", async () => {
      const { referee } = await loadFixture(refereed);
      for (const [count, given, expected] of [
        [3, 2, 3],
        [3, 4, 3],
        [256, 255, 256],
        [257, 257, 32],
        [257, 0, 32],
      ] as const) {
        await expect(referee.own(rows(count), Array<string>(given).fill(ZeroHash)))
          .to.be.revertedWithCustomError(referee, "RefereeWrongNodes")
          .withArgs(given, expected);
      }
    });
  });

  context("when the bytes are no step, or no tensor is made", () => {
    it("reverts and names their hash", async () => {
      const { referee } = await loadFixture(refereed);
      for (const bytes of [
        "0x",
        rows(3) + "00",
        encodeStep(step(UINT8, Layout.Rows, 0, 32), 1, PROFILE),
        encodeStep(step(UINT8, Layout.Rows), 1, PROFILE),
        encodeStep(step(99, Layout.Rows, 3, 32), 1, PROFILE),
        encodeStep(step(UINT8, 3 as Layout, 3, 32), 1, PROFILE),
        encodeStep(step(UINT8, Layout.Image, 3), 1, PROFILE),
      ]) {
        await expect(referee.own(bytes, [ZeroHash]))
          .to.be.revertedWithCustomError(referee, "RefereeMalformedStep")
          .withArgs(keccak256(bytes));
      }
    });
  });
});
