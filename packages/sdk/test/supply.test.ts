import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { id } from "ethers";

import { payloadRoot } from "../src/codecs/payload.ts";
import { isSupplyOf, type Supply, supplyOf } from "../src/codecs/supply.ts";
import type { Tensor } from "../src/codecs/tensor.ts";

/** Tensors of so many words, the last one not full. */
const tensorOf = (words: number): Tensor => {
  const length = words * 32 - 5;
  return { dtype: 2, shape: [length], data: Uint8Array.from({ length }, (_, i) => i * 7) };
};

describe("isSupplyOf", () => {
  for (const words of [1, 2, 3, 5, 8, 13]) {
    it(`takes every range of a tensor of ${words} words, and no other word in its place`, () => {
      const tensors = [tensorOf(2), tensorOf(words)];
      const root = payloadRoot(tensors);
      for (let firstWord = 0; firstWord < words; firstWord += 1) {
        for (let count = 1; firstWord + count <= words; count += 1) {
          const range = { tensor: 1, firstWord, count };
          const supply = supplyOf(tensors, range);
          assert.equal(supply.words.length, count);
          assert.ok(isSupplyOf(root, range, supply));
          const other = { ...supply, words: [id("other"), ...supply.words.slice(1)] };
          assert.ok(!isSupplyOf(root, range, other));
        }
      }
    });
  }

  const tensors = [tensorOf(2), tensorOf(5)];
  const root = payloadRoot(tensors);
  const range = { tensor: 1, firstWord: 2, count: 2 };
  const supply = supplyOf(tensors, range);
  const wrong: Readonly<Record<string, Partial<Supply>>> = {
    "a sibling more than it takes": { siblings: [...supply.siblings, id("more")] },
    "a sibling less than it takes": { siblings: supply.siblings.slice(1) },
    "another type": { dtype: 3 },
    "another shape": { shape: [31, 5] },
    "a shape that is none": { shape: [0.5, -1] },
    "no words": { words: [] },
    "another root of the data": { dataRoot: id("data") },
    "another tensor in the payload": { tensorRoots: [id("tensor"), ...supply.tensorRoots.slice(1)] },
    "words that are no words": { words: ["0x12", "seven"] },
    "more words than there are": { words: Array.from({ length: 1_000 }, () => id("word")) },
  };
  for (const [what, changes] of Object.entries(wrong)) {
    it(`refuses ${what}`, () => {
      assert.equal(isSupplyOf(root, range, { ...supply, ...changes }), false);
    });
  }

  it("refuses another place and another payload", () => {
    assert.ok(isSupplyOf(root, range, supply));
    for (const place of [{ firstWord: 1 }, { firstWord: -2 }, { tensor: 0 }, { tensor: 9 }]) {
      assert.equal(isSupplyOf(root, { ...range, ...place }, supply), false);
    }
    assert.equal(isSupplyOf(id("root"), range, supply), false);
  });
});
