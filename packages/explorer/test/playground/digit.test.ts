import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { compile, Executor } from "@opg-protocol/sdk/onnx";
import { PNG } from "pngjs";

import { valuesOf } from "../../src/pages/result/tensorValues.ts";
import { bestOf, scoresOf } from "../../src/pages/result/scores.ts";
import { digitOf, EmptyPictureError, greyOf, type Grey, SIDE } from "../../src/playground/digit.ts";
import { emptySketch, greyOfSketch, isBlank, moved, stroke } from "../../src/playground/sketch.ts";

const DIGITS = new URL("../../../../examples/digits/", import.meta.url);
const NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const executor = new Executor(compile(readFileSync(new URL("digits.onnx", DIGITS))));

function greyOfFile(name: string): Grey {
  const { data, width, height } = PNG.sync.read(readFileSync(new URL(`pictures/${name}`, DIGITS)));
  return greyOf(data, width, height);
}

function read(pixels: Uint8Array): number | undefined {
  const [output] = executor.run([{ dtype: 2, shape: [1, 1, SIDE, SIDE], data: pixels }]);
  return output && bestOf(scoresOf(valuesOf(output)))?.index;
}

/** Twenty times as large, with paper around it, dark ink on white paper, shifted. */
function asPhoto({ width, height, pixels }: Grey): Grey {
  const [scale, left, top] = [20, 37, 11];
  const [wide, high] = [width * scale + 80, height * scale + 60];
  const photo = Float64Array.from({ length: wide * high }, (_, i) => {
    const [x, y] = [Math.floor(((i % wide) - left) / scale), Math.floor((Math.floor(i / wide) - top) / scale)];
    const isInside = x >= 0 && x < width && y >= 0 && y < height;
    return 240 - (isInside ? (pixels[y * width + x] ?? 0) : 0) * 0.8;
  });
  return { width: wide, height: high, pixels: photo };
}

describe("playground: digits", () => {
  for (const name of readdirSync(new URL("pictures", DIGITS))) {
    it(`brings ${name} to what the model reads rightly`, () => {
      const grey = greyOfFile(name);
      const digit = NAMES.indexOf(name.split("-")[0] ?? "");
      assert.equal(read(digitOf(grey)), digit);
      assert.equal(read(digitOf(asPhoto(grey))), digit);
    });
  }

  it("gives the bytes that the demonstration publishes as golden input", () => {
    const golden =
      "0000bf7f7f7000000030ffffae7000000020de10000000000050de50000000000020eeff8e00000000000020ff2000000000407fff4000000000aede8e000000";
    assert.equal(Buffer.from(digitOf(greyOfFile("five-1.png"))).toString("hex"), golden);
  });

  it("takes what is transparent for white paper", () => {
    assert.deepEqual([...greyOf(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 255), 2, 1).pixels], [255, 0]);
  });

  it("refuses a picture without ink", () => {
    assert.throws(() => digitOf(greyOfSketch(emptySketch())), EmptyPictureError);
  });
});

describe("playground: sketch", () => {
  it("draws a one that the model reads", () => {
    const drawn = stroke(stroke(emptySketch(), { x: 14, y: 4 }, { x: 14, y: 24 }), { x: 14, y: 4 }, { x: 11, y: 8 });
    assert.equal(isBlank(drawn), false);
    assert.equal(read(digitOf(greyOfSketch(drawn))), 1);
  });

  it("draws a zero that the model reads", () => {
    const at = (turn: number) => ({ x: 14 + 6 * Math.sin(turn), y: 14 - 9 * Math.cos(turn) });
    let drawn = emptySketch();
    for (let turn = 0; turn < 2 * Math.PI; turn += 0.2) drawn = stroke(drawn, at(turn), at(turn + 0.2));
    assert.equal(read(digitOf(greyOfSketch(drawn))), 0);
  });

  it("leaves the sketch that it draws on alone, and stays on the field", () => {
    const blank = emptySketch();
    stroke(blank, { x: 1, y: 1 }, { x: 9, y: 9 });
    assert.equal(isBlank(blank), true);
    assert.deepEqual(moved({ x: 0.5, y: 0.5 }, "ArrowLeft"), { x: 0.5, y: 0.5 });
    assert.deepEqual(moved({ x: 0.5, y: 0.5 }, "ArrowDown"), { x: 0.5, y: 1.5 });
  });
});
