import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { greyOf } from "../../src/playground/digit.ts";
import { pictureShape, pictureTensor, waysOf } from "../../src/playground/inputKind.ts";

describe("playground: ways to make an input", () => {
  it("draws digits, takes pictures, text and numbers", () => {
    assert.equal(waysOf({ dtype: 2, shape: [1, 1, 8, 8] })[0], "draw");
    assert.equal(waysOf({ dtype: 2, shape: [0, 1, 8, 8] })[0], "draw");
    assert.equal(waysOf({ dtype: 1, shape: [1, 3, 224, 224] })[0], "picture");
    assert.equal(waysOf({ dtype: 2, shape: [0] })[0], "text");
    assert.equal(waysOf({ dtype: 1, shape: [1, 32] })[0], "numbers");
  });

  it("knows pictures by their shape", () => {
    assert.deepEqual(pictureShape({ dtype: 1, shape: [1, 3, 4, 5] }), { width: 5, height: 4, channels: 3 });
    assert.equal(pictureShape({ dtype: 7, shape: [1, 3, 4, 5] }), undefined);
    assert.equal(pictureShape({ dtype: 1, shape: [2, 3, 4, 5] }), undefined);
    assert.equal(pictureShape({ dtype: 1, shape: [1, 0, 0] }), undefined);
  });

  it("lays channels out one after the other, floats from 0 to 1", () => {
    const rgba = Uint8ClampedArray.of(255, 0, 51, 255, 0, 255, 102, 255);
    const grey = greyOf(rgba, 2, 1);
    const tensor = pictureTensor({ dtype: 1, shape: [0, 3, 1, 2] }, rgba, grey);
    assert.deepEqual(tensor.shape, [1, 3, 1, 2]);
    assert.deepEqual(
      [...new Float32Array(tensor.data.buffer)].map((value) => value.toFixed(1)),
      ["1.0", "0.0", "0.0", "1.0", "0.2", "0.4"],
    );
    assert.equal(pictureTensor({ dtype: 2, shape: [1, 2] }, rgba, grey).data.length, 2);
  });
});
