import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { WORD } from "../../src/codecs/merkle.ts";
import { tensorByteLength } from "../../src/codecs/tensor.ts";
import { commit, type Placed, placementOf, uncommit } from "../../src/onnx/layout.ts";
import { Layout } from "../../src/onnx/program.ts";
import { Random } from "./support/Random.ts";

/** Rows of a tensor of bytes as the profile describes them: indices of row-major elements. */
function rowsOf({ layout, shape }: Placed): number[][] {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const all = [...Array(size).keys()];
  if (layout === Layout.Packed) return [all];
  if (layout === Layout.Rows) {
    const length = shape.at(-1) ?? 1;
    return Array.from({ length: size / length }, (_, row) => all.slice(row * length, (row + 1) * length));
  }
  const [n = 1, c = 1, h = 1, w = 1] = shape;
  return Array.from({ length: n * h * w }, (_, pixel) => {
    const [image, place] = [Math.floor(pixel / (h * w)), pixel % (h * w)];
    return Array.from({ length: c }, (_channel, channel) => (image * c + channel) * h * w + place);
  });
}

const TENSORS: readonly Placed[] = [
  ...[[1], [31], [2, 32], [3, 33], [2, 3, 5], [1, 2, 1, 3, 40]].map((shape) => ({
    layout: Layout.Rows,
    dtype: 2,
    shape,
  })),
  ...[
    [1, 1, 1, 1],
    [2, 3, 4, 5],
    [1, 32, 2, 3],
    [2, 65, 3, 1],
  ].map((shape) => ({ layout: Layout.Image, dtype: 2, shape })),
  ...[[7], [3, 33], [2, 3, 4, 5]].map((shape) => ({ layout: Layout.Packed, dtype: 2, shape })),
];

describe("The committed layouts", () => {
  for (const placed of TENSORS)
    it(`put each row of a tensor [${placed.shape.join(", ")}] in layout ${placed.layout} on a new word, and read it back`, () => {
      const data = new Random(1).bytes(tensorByteLength(placed)).map((byte) => byte | 1);
      const rows = rowsOf(placed).map((row) => {
        const bytes = new Uint8Array(Math.ceil(row.length / WORD) * WORD);
        bytes.set(row.map((i) => data[i] ?? 0));
        return bytes;
      });
      const words = commit(placed, data);
      assert.deepEqual(Buffer.from(words), Buffer.concat(rows));
      assert.equal(placementOf(placed).byteLength, words.length);
      assert.deepEqual(uncommit(placed, words), data);
    });

  it("leave payloads of wider elements as they are, padded to a word", () => {
    for (const [dtype, length] of [
      [1, 4],
      [7, 8],
    ] as const) {
      const placed = { layout: Layout.Packed, dtype, shape: [3, 3] };
      const data = new Random(2).bytes(9 * length);
      const words = commit(placed, data);
      assert.equal(words.length, Math.ceil((9 * length) / WORD) * WORD);
      assert.deepEqual(words.subarray(0, data.length), data);
      assert.ok(words.subarray(data.length).every((byte) => byte === 0));
      assert.deepEqual(uncommit(placed, words), data);
    }
  });
});
