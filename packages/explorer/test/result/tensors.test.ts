import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { bytesTensor, type Tensor } from "@opg-protocol/sdk";

import { bestOf, scoresOf } from "../../src/pages/result/scores.ts";
import { kindOf, pixelsOf } from "../../src/pages/result/tensorKind.ts";
import { exactText, indicesText, valuesOf, valueText } from "../../src/pages/result/tensorValues.ts";

const floats = (shape: readonly number[], values: readonly number[]): Tensor => ({
  dtype: 1,
  shape,
  data: new Uint8Array(Float32Array.from(values).buffer),
});
const bytes = (shape: readonly number[], fill = 0): Tensor => ({
  dtype: 2,
  shape,
  data: new Uint8Array(shape.reduce((a, b) => a * b, 1)).fill(fill),
});

describe("result: how a tensor is shown", () => {
  const kinds: readonly (readonly [string, Tensor, string])[] = [
    ["a grey picture", bytes([1, 1, 8, 8]), "picture"],
    ["a picture in colours", bytes([1, 3, 16, 16]), "picture"],
    ["floats between 0 and 1 in a plane", floats([4, 4], Array<number>(16).fill(0.5)), "picture"],
    ["other floats in a plane", floats([4, 4], Array<number>(16).fill(-3)), "heat"],
    ["one number for each class", floats([1, 10], Array<number>(10).fill(1)), "scores"],
    ["a single number", floats([1, 1], [0.02]), "number"],
    ["five channels", bytes([1, 5, 8, 8]), "numbers"],
    ["text", bytesTensor(new TextEncoder().encode("Grüße\n")), "text"],
    ["bytes that are no text", bytesTensor(Uint8Array.of(255, 0, 1)), "scores"],
    ["text with an escape", bytesTensor(Uint8Array.of(27, 91, 50, 74)), "scores"],
  ];
  for (const [what, tensor, kind] of kinds) {
    it(`shows ${what} as ${kind}`, () => {
      assert.equal(kindOf(tensor).kind, kind);
    });
  }

  it("shows the window of a text as text, whatever its bytes are", () => {
    const window = bytesTensor(Uint8Array.of(0, 0, 72, 105, 255, 0));
    assert.deepEqual(kindOf(window, true), { kind: "text", text: "Hi\uFFFD" });
  });

  it("makes pixels of planes of colours", () => {
    const tensor: Tensor = { dtype: 2, shape: [3, 1, 2], data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    assert.deepEqual([...pixelsOf(tensor, { width: 2, height: 1, channels: 3 })], [1, 3, 5, 255, 2, 4, 6, 255]);
  });
});

describe("result: numbers of a tensor", () => {
  it("reads floats of 16 bits", () => {
    const half: Tensor = { dtype: 10, shape: [4], data: Uint8Array.of(0, 0x3c, 0, 0xc0, 1, 0, 0, 0x7c) };
    assert.deepEqual(valuesOf(half), [1, -2, 2 ** -24, Infinity]);
    const brain: Tensor = { dtype: 16, shape: [1], data: Uint8Array.of(0xc0, 0x3f) };
    assert.deepEqual(valuesOf(brain), [1.5]);
  });

  it("reads no more than is wanted", () => {
    assert.deepEqual(valuesOf(bytes([1000], 7), 2), [7, 7]);
  });

  it("writes floats as short as they are read back alike", () => {
    assert.equal(exactText(Math.fround(0.1), 1), "0.1");
    assert.equal(exactText(Math.fround(1 / 3), 1), "0.33333334");
    assert.equal(exactText(-0.001, 11), "-0.001");
    assert.equal(exactText(200, 2), "200");
  });

  it("writes six digits, and places as indices", () => {
    assert.equal(valueText(0.1234567), "0.123457");
    assert.equal(valueText(NaN), "NaN");
    assert.equal(indicesText(13, [2, 2, 5]), "[1, 0, 3]");
  });
});

describe("result: scores", () => {
  it("makes shares of logits that are named so, and of nothing else", () => {
    const scores = scoresOf([0, Math.log(3)], "logits");
    assert.deepEqual(
      scores.map(({ share }) => share?.toFixed(2)),
      ["0.25", "0.75"],
    );
    assert.equal(bestOf(scores)?.index, 1);
    assert.deepEqual(
      scoresOf([0, 5]).map(({ share }) => share),
      [undefined, undefined],
    );
  });

  it("takes shares for what they are", () => {
    assert.equal(scoresOf([0.2, 0.8])[1]?.share, 0.8);
  });
});
