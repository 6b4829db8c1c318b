import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { STATED_OUTPUT } from "@opg-protocol/sdk/onnx";
import { hexlify } from "ethers";

import { layoutOf } from "../../src/pages/dispute/graph/layout.ts";
import { coordinatesText, planeOf, tokenAt } from "../../src/pages/dispute/tensor/plane.ts";
import { layerText } from "../../src/pages/dispute/words.ts";
import { asked, completed, executor, LENGTH, program } from "../support/verses.ts";

const INPUT = asked("And God said", { limit: 20 });
const TEXT = [await completed(INPUT)];
/** Sums of a matrix product, of 32 bits. */
const SUMS = program.steps.findIndex(({ name }) => name.startsWith("2/feedForward/down/"));

describe("The graph of a language model", () => {
  const { nodes, edges } = layoutOf(program);

  it("has the text that was stated among what the model reads", () => {
    assert.equal(nodes.length, program.steps.length + program.inputs.length + 1);
    const names = nodes.slice(0, 5).map(({ name, tensor }) => `${name} ${tensor}`);
    assert.deepEqual(names, [
      "prompt uint8 [64]",
      "limit int32 [1]",
      "seed int32 [1]",
      "temperature int32 [1]",
      "text.stated uint8 [64]",
    ]);
    assert.ok(edges.some(({ from }) => from === STATED_OUTPUT));
  });

  it("draws no line to constants, which no step has made", () => {
    const known = new Set(nodes.map(({ id }) => id));
    assert.ok(nodes.every(({ reads }) => reads.every((id) => known.has(id))));
  });
});

describe("planeOf, of a language model", () => {
  it("reads sums of 32 bits, right ones and those that are claimed", () => {
    const step = program.steps[SUMS]?.step;
    assert.ok(step);
    const right = executor.words(INPUT, SUMS, TEXT);
    const at = 4 * (17 * 128 + 5);
    const view = new DataView(right.buffer, right.byteOffset);
    const value = view.getInt32(at, true);
    const claimed = right.slice();
    new DataView(claimed.buffer).setInt32(at, value - 70_000, true);
    const first = Math.floor(at / 32);
    const shown = { first, words: [hexlify(claimed.subarray(32 * first, 32 * (first + 1)))] };
    const { cells } = planeOf(step, right, shown, { contested: [17, 5] });
    const marked = cells.filter(({ isContested }) => isContested);
    assert.deepEqual(marked, [{ row: 17, column: 5, right: value, claimed: value - 70_000, isContested: true }]);
    assert.equal(cells.filter((cell) => cell.claimed !== undefined && cell.claimed !== cell.right).length, 1);
  });
});

describe("coordinatesText, of a language model", () => {
  it("names token, head and element in the tensors that have a row for each token", () => {
    for (const [shape, coordinates, text, token] of [
      [[LENGTH], [17], "token 17", 17],
      [[LENGTH, 128], [17, 5], "token 17, element 5", 17],
      [[4, LENGTH, 32], [2, 17, 5], "head 2, token 17, element 5", 17],
      [[4, 32, LENGTH], [2, 5, 17], "head 2, element 5, token 17", 17],
      [[1, LENGTH, 32], [0, 17, 5], "token 17, element 5", 17],
      [[63], [17], "place 17", undefined],
      [[1], [0], "place 0", undefined],
    ] as const) {
      assert.equal(coordinatesText(shape, coordinates, LENGTH), text);
      assert.equal(tokenAt(shape, coordinates, LENGTH), token);
    }
  });

  it("finds these axes in the shipped model, and no others", () => {
    const texts = program.steps.map(({ step: { shape } }) =>
      coordinatesText(
        shape,
        shape.map(() => 0),
        LENGTH,
      ),
    );
    assert.deepEqual([...new Set(texts)].toSorted(), [
      "head 0, element 0, token 0",
      "head 0, token 0, element 0",
      "head 0, token 0, token looked at 0",
      "place 0",
      "token 0",
      "token 0, element 0",
    ]);
  });
});

describe("layerText", () => {
  it("says which layer a step is of, and which part of it", () => {
    assert.equal(layerText("2/feedForward/down/658"), "layer 2, feedForward down");
    assert.equal(layerText("0/attention/norm/7"), "layer 0, attention norm");
    assert.equal(layerText("10/attention/mix"), "layer 10, attention mix");
  });

  it("leaves other names as they are", () => {
    for (const name of ["choice/head/928", "text", "2", "conv2", "2/658"]) assert.equal(layerText(name), undefined);
  });

  it("knows the steps of all layers of the shipped model", () => {
    const layers = Map.groupBy(program.steps, ({ name }) => layerText(name)?.split(",")[0]);
    assert.deepEqual([...layers.keys()], [undefined, "layer 0", "layer 1", "layer 2", "layer 3"]);
    assert.ok([...layers].every(([layer, steps]) => layer === undefined || steps.length === 33));
  });
});
