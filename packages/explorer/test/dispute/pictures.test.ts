import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { compile, Executor, placementOf, type Program } from "@opg-protocol/sdk/onnx";
import { hexlify } from "ethers";

import { layoutOf, NODE } from "../../src/pages/dispute/graph/layout.ts";
import { brightness, coordinatesText, planeOf, WINDOW } from "../../src/pages/dispute/tensor/plane.ts";

const FILE = new URL("../../../../examples/digits/digits.onnx", import.meta.url);
const digits: Program = compile(readFileSync(FILE));
const image = {
  dtype: 2,
  shape: [1, 1, 8, 8],
  data: Uint8Array.from({ length: 64 }, (_, i) => (i * 37) % 200),
};
const CONV2 = digits.steps.findIndex(({ name }) => name === "conv2");
const step = digits.steps[CONV2]?.step;
assert.ok(step);

type Made = Program["steps"][number];
/** A program of which only the wiring matters. */
const wired = (...reads: readonly (readonly number[])[]): Program => ({
  ...digits,
  steps: reads.map((from, i): Made => {
    const [like] = digits.steps;
    assert.ok(like);
    const [ref] = like.step.inputs;
    assert.ok(ref);
    return { ...like, name: `step ${i}`, step: { ...like.step, inputs: from.map((each) => ({ ...ref, from: each })) } };
  }),
});

describe("layoutOf", () => {
  it("puts each step of a chain below the one that it reads", () => {
    const { nodes, edges, width, height } = layoutOf(digits);
    assert.equal(nodes.length, digits.steps.length + digits.inputs.length);
    assert.equal(edges.length, digits.steps.length);
    const tops = nodes.map(({ y }) => y);
    assert.deepEqual(
      tops,
      [...tops].sort((a, b) => a - b),
    );
    assert.ok(nodes.every(({ x, y }) => x >= 0 && y >= 0 && x + NODE.width <= width && y + NODE.height <= height));
    assert.deepEqual([nodes[0]?.name, nodes[CONV2 + 1]?.operator], ["image", "QLinearConv"]);
  });

  it("puts branches side by side, and leads a line that passes them around", () => {
    const input = 0xff00;
    const { nodes, edges, width } = layoutOf(wired([input], [0], [0], [1, 2], [3, 0]));
    const [first, left, right, joined] = [0, 1, 2, 3].map((id) => nodes.find((node) => node.id === id));
    assert.ok(first && left && right && joined);
    assert.equal(left.y, right.y);
    assert.ok(left.x + NODE.width < right.x);
    assert.ok(joined.y > left.y && left.y > first.y);
    assert.equal(edges.length, 7);
    assert.ok(width > 2 * NODE.width + NODE.gapX + NODE.width / 2);
  });

  it("draws one line where a step reads the same tensor twice", () => {
    assert.equal(layoutOf(wired([0xff00], [0, 0])).edges.length, 2);
  });
});

describe("planeOf", () => {
  const right = new Executor(digits).words([image], CONV2);
  const contested = [0, 4, 3, 2];
  const { strides } = placementOf(step);
  const place = contested.reduce((sum, coordinate, axis) => sum + coordinate * (strides[axis] ?? 0), 0);
  const claimed = right.slice();
  claimed[place] = ((claimed[place] ?? 0) + 1) % 256;
  const wordsFrom = (bytes: Uint8Array, first: number, count: number) =>
    Array.from({ length: count }, (_, i) => hexlify(bytes.subarray((first + i) * 32, (first + i + 1) * 32)));

  it("shows the channel of the contested element, with both of its numbers", () => {
    const plane = planeOf(step, right, { first: 0, words: wordsFrom(claimed, 0, 64) }, { contested });
    assert.deepEqual([plane.rows, plane.columns, plane.isCut, plane.leading], [8, 8, false, [0, 4]]);
    const marked = plane.cells.filter(({ isContested }) => isContested);
    assert.deepEqual(marked, [{ row: 3, column: 2, right: right[place], claimed: claimed[place], isContested: true }]);
    assert.equal(plane.cells.filter((cell) => cell.claimed !== cell.right).length, 1);
  });

  it("shows another channel on demand, in which nothing is contested", () => {
    const words = wordsFrom(claimed, 0, 64);
    const plane = planeOf(step, right, { first: 0, words }, { contested, leading: [0, 5] });
    assert.ok(plane.cells.every((cell) => !cell.isContested && cell.claimed === cell.right));
  });

  it("does not say what the node claims where it has shown nothing", () => {
    const first = Math.floor(place / 32);
    const { cells } = planeOf(step, right, { first, words: wordsFrom(claimed, first, 1) }, { contested });
    assert.deepEqual(
      cells.filter((cell) => cell.claimed !== undefined).map(({ row, column }) => [row, column]),
      [[3, 2]],
    );
  });

  it("reads the floats of an output, which has one row", () => {
    const last = digits.steps.length - 1;
    const output = digits.steps[last]?.step;
    assert.ok(output);
    const words = new Executor(digits).words([image], last);
    const plane = planeOf(output, words, { first: 0, words: [] }, { contested: [0, 3] });
    assert.deepEqual([plane.rows, plane.columns], [1, 10]);
    const floats = new DataView(words.buffer, words.byteOffset);
    const [marked] = plane.cells.filter(({ isContested }) => isContested);
    assert.deepEqual([marked?.column, marked?.right], [3, floats.getFloat32(12, true)]);
  });

  it("cuts a large plane down to what is around the contested element", () => {
    const large = { ...step, layout: 0, shape: [1, 1, 100, 60] } as const;
    const bytes = new Uint8Array(6_016).map((_, i) => i % 251);
    const plane = planeOf(large, bytes, { first: 0, words: [] }, { contested: [0, 0, 99, 30] });
    assert.deepEqual([plane.firstRow, plane.rows], [100 - WINDOW, WINDOW]);
    assert.deepEqual([plane.firstColumn, plane.columns], [30 - WINDOW / 2, WINDOW]);
    assert.equal(plane.isCut, true);
    const marked = plane.cells.find(({ isContested }) => isContested);
    assert.deepEqual([marked?.row, marked?.column, marked?.right], [99, 30, (99 * 60 + 30) % 251]);
  });
});

describe("brightness", () => {
  it("goes from the least to the most, and is dark where all are equal", () => {
    assert.deepEqual(
      [10, 15, 20].map((value) => brightness({ least: 10, most: 20 }, value)),
      [0, 0.5, 1],
    );
    assert.equal(brightness({ least: 7, most: 7 }, 7), 0);
  });
});

describe("coordinatesText", () => {
  it("names channel, row and column, and leaves the one picture out", () => {
    assert.equal(coordinatesText([1, 16, 8, 8], [0, 4, 3, 2]), "channel 4, row 3, column 2");
    assert.equal(coordinatesText([2, 16, 8, 8], [1, 4, 3, 2]), "picture 1, channel 4, row 3, column 2");
    assert.equal(coordinatesText([1, 10], [0, 7]), "row 0, column 7");
    assert.equal(coordinatesText([1, 2, 3, 4, 5], [0, 1, 2, 3, 4]), "axis 1 1, axis 2 2, axis 3 3, axis 4 4");
  });
});
