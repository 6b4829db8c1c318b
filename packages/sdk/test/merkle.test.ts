import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { concat, getBytes, keccak256 } from "ethers";

import { merkleRoot, MerkleTree, WORD } from "../src/codecs/merkle.ts";
import { fastKeccak } from "../src/onnx/keccak.ts";
import { Random } from "./onnx/support/Random.ts";

const leaf = (word: Uint8Array) => keccak256(concat(["0x00", word]));
const node = (left: string, right: string) => keccak256(concat(["0x01", left, right]));

/** Node `index` at a height, as the definition says. */
function nodeOf(words: readonly Uint8Array[], height: number, index: number): string {
  if (height === 0) return leaf(words[index] ?? new Uint8Array(WORD));
  return node(nodeOf(words, height - 1, 2 * index), nodeOf(words, height - 1, 2 * index + 1));
}

/** The root that a multiproof leads to, and whether it used up all siblings. */
function rootOf(leaves: ReadonlyMap<number, string>, siblings: readonly string[], depth: number) {
  const rest = [...siblings];
  let level = leaves;
  for (let height = 0; height < depth; height += 1) {
    const above = new Map<number, string>();
    for (const [index, hash] of level) {
      if (above.has(index >> 1)) continue;
      const sibling = level.get(index ^ 1) ?? rest.shift() ?? "none left";
      above.set(index >> 1, index % 2 === 0 ? node(hash, sibling) : node(sibling, hash));
    }
    level = above;
  }
  return { root: level.get(0), isUsedUp: rest.length === 0 };
}

const wordsOf = (random: Random, count: number) => random.list(count, () => random.bytes(WORD));
const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString("hex")}`;

describe("MerkleTree", () => {
  for (const count of [1, 2, 3, 5, 8, 9, 31, 64, 100]) {
    it(`has the nodes, paths and depth that are defined, over ${count} words`, () => {
      const words = wordsOf(new Random(count), count);
      const tree = new MerkleTree(getBytes(concat(words)), fastKeccak);
      assert.equal(tree.depth, Math.ceil(Math.log2(count)));
      assert.equal(hex(tree.root), nodeOf(words, tree.depth, 0));
      for (let height = 0; height <= tree.depth; height += 1)
        for (let i = 0; i < 2 ** (tree.depth - height); i += 1)
          assert.equal(hex(tree.node(height, i)), nodeOf(words, height, i));
      for (let i = 0; i < 2 ** tree.depth; i += 1) {
        const path = tree.path(i).map(hex);
        assert.deepEqual(rootOf(new Map([[i, leaf(tree.word(i))]]), path, tree.depth), {
          root: hex(tree.root),
          isUsedUp: true,
        });
      }
    });

    it(`proves any leaves together, over ${count} words`, () => {
      const random = new Random(count);
      const tree = new MerkleTree(getBytes(concat(wordsOf(random, count))), fastKeccak);
      for (let i = 0; i < 20; i += 1) {
        const part = random.pick([0.1, 0.5, 1]);
        const chosen = [...Array(2 ** tree.depth).keys()].filter(() => random.chance(part));
        const indices = chosen.length === 0 ? [0] : chosen;
        const leaves = new Map(indices.map((index) => [index, leaf(tree.word(index))]));
        const proof = tree.multiproof(indices).map(hex);
        assert.deepEqual(rootOf(leaves, proof, tree.depth), { root: hex(tree.root), isUsedUp: true });
      }
    });
  }

  it("cuts into subtrees, each a tree of its own", () => {
    const data = getBytes(concat(wordsOf(new Random(9), 700)));
    const tree = new MerkleTree(data, fastKeccak);
    const roots = tree.nodesAt(8);
    assert.equal(tree.depth, 10);
    assert.equal(roots.length, 256);
    for (const [j, root] of roots.entries())
      assert.deepEqual(root, merkleRoot(padded(data.subarray(4 * j * WORD, 4 * (j + 1) * WORD), 4)));
    assert.deepEqual(tree.path(3, 2), tree.path(12).slice(2));
  });

  it("gives the same with either Keccak, and takes bytes that are no whole words", () => {
    const random = new Random(5);
    for (let length = 0; length < 200; length += 7) {
      const data = random.bytes(length);
      const root = merkleRoot(data);
      assert.deepEqual(new MerkleTree(data, fastKeccak).root, root);
      assert.deepEqual(merkleRoot(padded(data, Math.max(1, Math.ceil(length / WORD)))), root);
    }
  });

  it("refuses to name a node that it does not have", () => {
    const tree = new MerkleTree(new Uint8Array(5 * WORD), fastKeccak);
    for (const [height, index] of [
      [4, 0],
      [0, 8],
      [3, 1],
      [0, -1],
    ] as const)
      assert.throws(
        () => tree.node(height, index),
        new RangeError(`A tree of depth 3 has no node ${index} at height ${height}.`),
      );
  });
});

function padded(data: Uint8Array, words: number): Uint8Array {
  const bytes = new Uint8Array(words * WORD);
  bytes.set(data);
  return bytes;
}
