import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { disagreement } from "../../src/onnx/compile/addKernels.ts";
import { ModelRefusedError, compile, readModel, tune } from "../../src/onnx/index.ts";
import { GraphBuilder, quantised } from "../../src/onnx/GraphBuilder.ts";
import { Random } from "./support/Random.ts";

/** Names of the inputs of a node. */
function inputsOf(file: Uint8Array, name: string): readonly string[] {
  return readModel(file).graph?.node.find((node) => node.name === name)?.input ?? [];
}

/** A float32 constant. */
function scaleOf(file: Uint8Array, name: string | undefined): number {
  const raw = readModel(file).graph?.initializer.find((tensor) => tensor.name === name)?.rawData ?? assert.fail();
  return new DataView(raw.buffer, raw.byteOffset).getFloat32(0, true);
}

describe("disagreement", () => {
  it("names the first pair on which processors differ", () => {
    assert.deepEqual(disagreement({ sa: 1, za: 0, sb: 1, zb: 0, sc: 2, zc: 0 }), [0, 1]);
  });

  it("finds none where every sum is exact", () => {
    assert.equal(disagreement({ sa: 1, za: 7, sb: 1, zb: 8, sc: 1, zc: 9 }), undefined);
  });
});

describe("tune", () => {
  it("leaves a file that needs nothing as it is", () => {
    const digits = readFileSync(new URL("../../../../examples/digits/digits.onnx", import.meta.url));
    const { model, raises } = tune(digits);
    assert.equal(model, digits);
    assert.deepEqual(raises, []);
  });

  it("raises a scale for the sum and for all that read it, and for nobody else", () => {
    const b = new GraphBuilder();
    const shape = [1, 1, 2, 2];
    const [q, two] = [quantised(b, 1, 0), quantised(b, 2, 0)];
    const sum = b.node("QLinearAdd", [b.input("x", shape), ...q, b.input("y", shape), ...q, ...two], { name: "sum" });
    const pooled = b.node("MaxPool", [sum], { attributes: { kernel_shape: [1, 1] } });
    const weights = [b.uint8([1], [1, 1, 1, 1]), ...q];
    const conv = b.node("QLinearConv", [pooled, ...two, ...weights, ...two], { name: "reader" });
    const joined = b.node("QLinearConcat", [...two, "x", ...q, sum, ...two], {
      name: "joined",
      attributes: { axis: 1 },
    });
    const other = b.node("QLinearConv", ["x", ...two, ...weights, ...two], { name: "other" });
    const file = b.output(conv, shape).output(joined, [1, 2, 2, 2]).output(other, shape).bytes();
    assert.throws(() => compile(file), ModelRefusedError);

    const { model, raises } = tune(file);
    const to = 2 + 16 * 2 ** -22;
    assert.deepEqual(raises, [{ node: "sum", from: 2, to, readers: ["joined", "reader"] }]);
    assert.equal(compile(model).steps.length, compile(model).steps.length);
    const [scale, before] = [inputsOf(model, "sum")[6], two[0]];
    assert.equal(scaleOf(model, scale), to);
    assert.equal(scaleOf(model, before), 2);
    assert.equal(inputsOf(model, "reader")[1], scale);
    assert.equal(inputsOf(model, "reader")[6], before);
    assert.deepEqual(inputsOf(model, "joined"), [...two, "x", ...q, sum, scale, two[1]]);
    assert.deepEqual(inputsOf(model, "other"), inputsOf(file, "other"));
    assert.deepEqual(tune(model), { model, raises: [] });
  });

  it("takes the raised scale of one sum into the next", () => {
    const b = new GraphBuilder();
    const [q, two] = [quantised(b, 1, 0), quantised(b, 2, 0)];
    const sum = b.node("QLinearAdd", [b.input("x", [2]), ...q, b.input("y", [2]), ...q, ...two], { name: "first" });
    const next = b.node("QLinearAdd", ["x", ...q, sum, ...two, ...quantised(b, 4, 0)], { name: "second" });
    const { model, raises } = tune(b.output(next, [2]).bytes());
    assert.equal(inputsOf(model, "second")[4], inputsOf(model, "first")[6]);
    assert.deepEqual(
      raises.map(({ node, readers }) => [node, readers]),
      [
        ["first", ["second"]],
        ["second", []],
      ],
    );
    compile(model);
  });

  it("makes 60 random sums portable, with few raises", () => {
    const random = new Random(21);
    for (let round = 0; round < 60; round++) {
      const b = new GraphBuilder();
      const q = () => quantised(b, 2 ** (-6 + 4 * random.unit()), random.int(0, 255));
      const inputs = [b.input("x", [2]), ...q(), b.input("y", [2]), ...q(), ...q()];
      const { model, raises } = tune(b.output(b.node("QLinearAdd", inputs), [2]).bytes());
      compile(model);
      for (const { from, to } of raises) assert.ok(to / from < 1 + 16 * 16 * 2 ** -23, `${from} to ${to}`);
    }
  });

  it("refuses what is no ONNX file", () => {
    assert.throws(() => tune(Uint8Array.of(1)), ModelRefusedError);
    assert.throws(() => tune(new Uint8Array()), { reason: "the file has no graph" });
  });

  it("ends on a graph that reads itself", () => {
    const b = new GraphBuilder();
    const [q, two] = [quantised(b, 1, 0), quantised(b, 2, 0)];
    b.node("QLinearAdd", ["t1", ...q, "t1", ...q, ...two]);
    b.node("Identity", ["t0"]);
    assert.equal(tune(b.bytes()).raises.length, 1);
  });
});
