import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  specText,
  tensorOfBytes,
  tensorOfText,
  tensorOfWords,
  TensorTextError,
} from "../../src/playground/tensorText.ts";

const rejects = (run: () => unknown, message: RegExp) => {
  assert.throws(run, (error) => error instanceof TensorTextError && message.test(error.message));
};

describe("playground: tensors as text", () => {
  it("reads numbers between anything, little-endian", () => {
    const tensor = tensorOfText({ dtype: 1, shape: [1, 3] }, "[1.5, -2\n 1e-3]");
    assert.deepEqual(tensor.shape, [1, 3]);
    assert.deepEqual([...new Float32Array(tensor.data.buffer)], [1.5, -2, Math.fround(1e-3)]);
  });

  it("fills an open dimension with what is there", () => {
    assert.deepEqual(tensorOfText({ dtype: 3, shape: [0, 2] }, "1 2 3 4 5 6").shape, [3, 2]);
    assert.deepEqual(tensorOfBytes({ dtype: 2, shape: [0] }, Uint8Array.of(1, 2, 3)).shape, [3]);
    rejects(() => tensorOfText({ dtype: 3, shape: [0, 2] }, "1 2 3"), /3 numbers; int8 \? × 2 takes a multiple of 2/);
  });

  it("says how many numbers are wanted", () => {
    rejects(() => tensorOfText({ dtype: 2, shape: [1, 2] }, "1"), /There are 1 numbers; uint8 1 × 2 takes 2/);
  });

  it("refuses what the type does not hold", () => {
    rejects(
      () => tensorOfText({ dtype: 2, shape: [2] }, "1 256"),
      /Number 2 is 256; uint8 takes whole numbers from 0 to 255/,
    );
    rejects(() => tensorOfText({ dtype: 7, shape: [1] }, "1.5"), /int64/);
    rejects(() => tensorOfText({ dtype: 1, shape: [1] }, "one"), /“one” is no number/);
    rejects(() => tensorOfText({ dtype: 10, shape: [1] }, "1"), /float16.*Upload a file/);
    rejects(() => tensorOfBytes({ dtype: 1, shape: [0] }, new Uint8Array(5)), /5 bytes/);
  });

  it("takes a text as it is, or into a window with zeros behind it", () => {
    assert.deepEqual(tensorOfWords({ shape: [0] }, "né"), { dtype: 2, shape: [3], data: Uint8Array.of(110, 195, 169) });
    assert.deepEqual(tensorOfWords({ shape: [4] }, "né").data, Uint8Array.of(110, 195, 169, 0));
    rejects(() => tensorOfWords({ shape: [2] }, "né"), /3 bytes as UTF-8; there is room for 2/);
  });

  it("names types and open dimensions", () => {
    assert.equal(specText({ dtype: 2, shape: [0, 1, 8, 8] }), "uint8 ? × 1 × 8 × 8");
    assert.equal(specText({ dtype: 99, shape: [1] }), "dtype 99 1");
  });
});
