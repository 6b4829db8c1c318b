import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { ZeroHash, hexlify } from "ethers";

import { merkleRoot } from "../../src/codecs/merkle.ts";
import {
  DType,
  floatOf,
  GRAPH_INPUT,
  Layout,
  Opcode,
  PROFILE,
  type Program,
  compile,
  stepsRootOf,
} from "../../src/onnx/index.ts";
import { GraphBuilder, quantised, tensorOf } from "../../src/onnx/GraphBuilder.ts";
import { refusalsOf } from "./refusing.ts";

const DIGITS = readFileSync(new URL("../../../../examples/digits/digits.onnx", import.meta.url));

const opcodesOf = ({ steps }: Program) => steps.map(({ step }) => step.opcode);

/** Words of a step's constants, as hex without prefix. */
function wordsOf(program: Program, step: number): string[] {
  const { constants } = program.steps[step] ?? { constants: new Uint8Array() };
  const words = Array.from({ length: constants.length / 32 }, (_, i) => constants.subarray(32 * i, 32 * i + 32));
  return words.map((word) => hexlify(word).slice(2));
}

/** A convolution of 1x1 pixels. */
function convolution(weights: string, channels: number, group: number, builder: GraphBuilder, kernel = [1, 1]) {
  builder.input("x", [1, channels, 4, 4]);
  const q = quantised(builder, 0.5, 3);
  const w = [weights, builder.float([0.25, 0.5]), builder.int8(-1)];
  return builder.node("QLinearConv", ["x", ...q, ...w, ...q, builder.int32([-2, 7])], {
    attributes: { group, kernel_shape: kernel, pads: [1, 2, 0, 0], strides: [1, 2], dilations: [2, 1] },
  });
}

describe("compile, on the model of digits", () => {
  it("gives the root that is pinned here, every time", () => {
    const root = "0xa0b5140553b3202abda85a3c2226e5e8792cef705cee0902f2002a5b3a405bae";
    assert.equal(compile(DIGITS).graphRoot, root);
    assert.deepEqual(compile(new Uint8Array(DIGITS)), compile(DIGITS));
  });

  it("gives one step per node, and one for the picture", () => {
    const program = compile(DIGITS);
    const names = ["image", "conv1", "conv2", "pool2", "conv3", "pool3", "flatten", "dense", "dequantize"];
    assert.deepEqual(
      program.steps.map(({ name }) => name),
      names,
    );
    const { Move, Conv, MaxPool, Dot, Dequant } = Opcode;
    assert.deepEqual(opcodesOf(program), [Move, Conv, Conv, MaxPool, Conv, MaxPool, Move, Dot, Dequant]);
    assert.deepEqual(program.inputs, [{ name: "image", dtype: DType.Uint8, shape: [1, 1, 8, 8], step: 0 }]);
    assert.deepEqual(program.outputs, [{ name: "logits", dtype: DType.Float, shape: [1, 10], step: 8 }]);
  });

  it("says which operator makes a step, and what its bytes stand for", () => {
    const { steps } = compile(DIGITS);
    const [image, conv1, conv2, pool2, , , , dense, dequantize] = steps;
    assert.deepEqual([image?.operator, image?.quantisation], [undefined, undefined]);
    assert.deepEqual([conv1?.operator, conv1?.quantisation?.zeroPoint], ["QLinearConv", 0]);
    assert.deepEqual([pool2?.operator, pool2?.quantisation], ["MaxPool", conv2?.quantisation]);
    // What `dequantize` reads it by.
    const [bits, zeroPoint] = dequantize?.step.attrs ?? [];
    assert.deepEqual(dense?.quantisation, { scale: floatOf(Number(bits)), zeroPoint: Number(zeroPoint) });
    assert.equal(dequantize?.quantisation, undefined);
  });

  it("finds the scale of a sum, a table and a row of joined tensors", () => {
    const builder = new GraphBuilder();
    const x = builder.input("x", [2, 3]);
    const [a, b] = [quantised(builder, 0.5, 1), quantised(builder, 0.25, 2)];
    const sum = builder.node("QLinearAdd", [x, ...a, x, ...a, ...b]);
    const table = builder.node("QLinearLeakyRelu", [sum, ...b, ...a]);
    const joined = builder.node("Concat", [table, sum], { attributes: { axis: 0 } });
    const { steps } = compile(builder.output(joined, [4, 3]).bytes());
    const [one, other] = [
      { scale: 0.5, zeroPoint: 1 },
      { scale: 0.25, zeroPoint: 2 },
    ];
    assert.deepEqual(
      steps.map(({ quantisation }) => quantisation),
      [undefined, other, one, undefined, undefined],
    );
  });

  it("commits to constants by their tree, and to their absence by zero", () => {
    for (const { step, constants } of compile(DIGITS).steps) {
      const root = constants.length === 0 ? ZeroHash : hexlify(merkleRoot(constants));
      assert.equal(step.constRoot, root);
      assert.equal(step.constDepth, Math.ceil(Math.log2(Math.max(1, constants.length / 32))));
    }
  });
});

describe("compile, on the order of steps", () => {
  it("puts moves of inputs first and of outputs last, each in the order of the graph", () => {
    const builder = new GraphBuilder();
    builder.input("a", [2, 3]);
    builder.input("f", [4], DType.Float);
    builder.input("b", [1, 2, 3, 4]);
    const flat = builder.node("Flatten", ["b"], { name: "flat" });
    const quant = builder.node("QuantizeLinear", ["f", builder.float(0.5)], { name: "quant" });
    builder.output(quant, [4]).output(flat, [1, 24]).output("a", [2, 3]);
    const program = compile(builder.bytes());
    assert.deepEqual(
      program.steps.map(({ name, step }) => [name, step.opcode, step.layout, step.inputs[0]?.from]),
      [
        ["a", Opcode.Move, Layout.Rows, GRAPH_INPUT],
        ["b", Opcode.Move, Layout.Image, GRAPH_INPUT + 2],
        ["flat", Opcode.Move, Layout.Rows, 1],
        ["quant", Opcode.Quant, Layout.Rows, GRAPH_INPUT + 1],
        [quant, Opcode.Move, Layout.Packed, 3],
        [flat, Opcode.Move, Layout.Packed, 2],
        ["a", Opcode.Move, Layout.Packed, 0],
      ],
    );
    assert.deepEqual(
      program.outputs.map(({ step }) => step),
      [4, 5, 6],
    );
    assert.equal(
      program.stepsRoot,
      stepsRootOf(
        program.steps.map(({ step }) => step),
        PROFILE,
      ),
    );
  });

  it("calls a node without a name by its output", () => {
    const builder = new GraphBuilder();
    builder.input("x", [2]);
    const out = builder.node("Identity", ["x"], { name: "" });
    assert.equal(compile(builder.output(out, [2]).bytes()).steps[1]?.name, out);
  });
});

describe("compile, on constants", () => {
  it("lays weights of a convolution out pixel by pixel like the input, with groups of four in reverse", () => {
    const builder = new GraphBuilder();
    const shape = [2, 33, 1, 2];
    const weights = Int8Array.from({ length: 132 }, (_, i) => (i % 100) - 50);
    const out = convolution(builder.int8([...weights], shape), 33, 1, builder, [1, 2]);
    const program = compile(builder.output(out, [1, 2, 5, 3]).bytes());
    const words = wordsOf(program, 1);
    assert.equal(words.length, 2 * (1 + 2 * 2));
    assert.equal(words[0], "fffffffe" + "3e800000" + "7f" + "00".repeat(23)); // bias -2, scale 0.25, zero point -1 + 128
    assert.equal(words[5], "00000007" + "3f000000" + "7f" + "00".repeat(23));
    const stored = (channel: number, depth: number, pixel: number) =>
      (((weights[(channel * 33 + depth) * 2 + pixel] ?? 0) + 128) & 255).toString(16).padStart(2, "0");
    const group = (first: number) => [0, 1, 2, 3].map((i) => stored(1, first + i, 0)).join("");
    assert.equal(words[6], [28, 24, 20, 16, 12, 8, 4, 0].map(group).join(""));
    assert.equal(words[7], "00".repeat(28) + stored(1, 32, 0) + "000000");
    assert.equal(words[9], "00".repeat(28) + stored(1, 32, 1) + "000000");
    assert.deepEqual(program.steps[1]?.step.attrs, [1n, 1n, 2n, 1n, 2n, 2n, 1n, 1n, 2n, 3n, 3n]);
  });

  it("packs weights of a grouped convolution, pixel by pixel, not reversed", () => {
    const builder = new GraphBuilder();
    const weights = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    const out = convolution(builder.int8(weights, [2, 3, 1, 2]), 6, 2, builder, [1, 2]);
    const words = wordsOf(compile(builder.output(out, [1, 2, 5, 3]).bytes()), 1);
    const packed = (...values: number[]) => values.map((value) => (value + 128).toString(16)).join("");
    assert.equal(words.length, 4);
    assert.equal(words[1], packed(1, 3, 5, 2, 4, 6) + "00".repeat(26));
    assert.equal(words[3], packed(7, 9, 11, 8, 10, 12) + "00".repeat(26));
  });

  for (const turned of [0, 1])
    it(`gives a matrix column by column, with a scale and a zero point for each; transB ${turned}`, () => {
      const builder = new GraphBuilder();
      builder.input("x", [2, 3]);
      const [q, values] = [quantised(builder, 0.5, 3), turned === 1 ? [1, 3, 5, 2, 4, 6] : [1, 2, 3, 4, 5, 6]];
      const b = builder.uint8(values, turned === 1 ? [2, 3] : [3, 2]);
      const inputs = ["x", ...q, b, builder.float([0.25, 0.5]), builder.uint8([9, 8]), builder.int32([1, 2]), ...q];
      const out = builder.node("QGemm", inputs, { attributes: { transB: turned, alpha: { float: 1 } } });
      const program = compile(builder.output(out, [2, 2]).bytes());
      assert.deepEqual(wordsOf(program, 1), [
        "00000001" + "3e800000" + "09" + "00".repeat(23),
        "00".repeat(28) + "01030500",
        "00000002" + "3f000000" + "08" + "00".repeat(23),
        "00".repeat(28) + "02040600",
      ]);
      assert.deepEqual(program.steps[1]?.step.attrs, [3n, 3n]);
    });

  it("puts the row that a sum adds in words of its own", () => {
    const builder = new GraphBuilder();
    builder.input("x", [2, 33]);
    const row = Array.from({ length: 33 }, (_, i) => i + 1);
    const q = quantised(builder, 0.5, 0);
    const out = builder.node("QLinearAdd", ["x", ...q, builder.uint8(row, [1, 33]), ...q, ...q]);
    const program = compile(builder.output(out, [2, 33]).bytes());
    const { constants, step } = program.steps[1] ?? assert.fail();
    assert.deepEqual([...constants], [...row, ...Array<number>(31).fill(0)]);
    assert.deepEqual(step.attrs, [0x3f800000n, 0x3f800000n, 0n]);
    assert.equal(step.inputs.length, 1);
  });

  it("reads them from lists of numbers, from raw bytes and from Constant nodes alike", () => {
    const six = Uint8Array.of(6, 0, 0, 0, 0, 0, 0, 0);
    const ways: ((builder: GraphBuilder) => string)[] = [
      (builder) => builder.int64([6]),
      (builder) => builder.add({ ...tensorOf("shape", DType.Int64, [1]), int64Data: Uint8Array.of(6) }),
      (builder) => builder.node("Constant", [], { attributes: { value_ints: [6] } }),
      (builder) => {
        const value = tensorOf("", DType.Int64, [1], six);
        return builder.node("Constant", [], { attributes: { value: { tensor: value } } });
      },
    ];
    const [first, ...others] = ways.map((shape) => {
      const builder = new GraphBuilder();
      builder.input("x", [2, 3]);
      const out = builder.node("Reshape", ["x", shape(builder)]);
      return compile(builder.output(out, [6]).bytes()).steps.map(({ step }) => step);
    });
    for (const other of others) assert.deepEqual(other, first);
  });

  it("refuses lists that do not hold what type and shape say", () => {
    const reasons = [
      [DType.Uint8, [2], [1], "has a list of values that is too short for 2"],
      [DType.Uint8, [1], [1, 2], "has 2 values, not 1"],
      [DType.Uint8, [1], [0x80, 2], "has the value 256, which its type cannot hold"],
      [DType.Uint8, [1], [0x80], "has a list of values that cannot be read"],
      [DType.Uint8, [0], [1], "has the shape [0], which holds nothing"],
      [9, [1], [1], "has element type 9, not one of 1 float, 2 uint8, 3 int8, 6 int32, 7 int64"],
    ] as const;
    for (const [dtype, shape, list, reason] of reasons) {
      const builder = new GraphBuilder();
      const min = builder.add({ ...tensorOf("min", dtype, shape), int32Data: Uint8Array.from(list) });
      builder.node("Clip", [builder.input("x", [2]), min]);
      const refusals = refusalsOf(builder.output("x", [2]).bytes());
      assert.deepEqual(refusals, [["Clip0", "min", reason]]);
    }
    const builder = new GraphBuilder();
    const twice = { ...tensorOf("min", DType.Uint8, [], Uint8Array.of(1)), int32Data: Uint8Array.of(1) };
    builder.node("Clip", [
      builder.input("x", [2]),
      builder.add(twice),
      builder.tensor(DType.Uint8, [], new Uint8Array(2)),
    ]);
    assert.deepEqual(refusalsOf(builder.output("x", [2]).bytes()), [["Clip0", "min", "has its values twice"]]);
  });
});
