import { expect } from "chai";
import { concat, dataSlice, encodeBytes32String, id, toBeHex, ZeroHash } from "ethers";

import {
  encodeStep,
  GRAPH_INPUT,
  Layout,
  Opcode,
  PROFILE,
  type Ref,
  type Step,
} from "../../packages/sdk/src/onnx/index.ts";
import { loadFixture } from "../support/network.ts";
import { judgeOf, refereed, UNOPENED } from "../support/referee.ts";
import { bits, FLOAT, INT64, UINT8 } from "../support/scenes.ts";

const INDEX = 5;
const ROOT = id("constants");
const scale = BigInt(bits(0.5));
const tensor = (...shape: readonly number[]): Ref => ({
  from: 1,
  layout: shape.length === 4 ? Layout.Image : Layout.Rows,
  dtype: UINT8,
  shape,
});
const given = (dtype: number, ...shape: readonly number[]): Ref => ({
  from: GRAPH_INPUT + 1,
  layout: Layout.Packed,
  dtype,
  shape,
});
const made = (
  opcode: Opcode,
  shape: readonly number[],
  inputs: readonly Ref[],
  attrs: readonly bigint[] = [],
): Step => {
  const layout = shape.length === 4 ? Layout.Image : Layout.Rows;
  return { opcode, layout, dtype: UINT8, shape, inputs, attrs, constRoot: ZeroHash, constDepth: 0 };
};
const constant = (step: Step, constDepth: number): Step => ({ ...step, constRoot: ROOT, constDepth });
const attr = (step: Step, i: number, value: bigint): Step => ({ ...step, attrs: step.attrs.with(i, value) });
const input = (step: Step, i: number, changed: Partial<Ref>): Step => ({
  ...step,
  inputs: step.inputs.map((ref, k) => (k === i ? { ...ref, ...changed } : ref)),
});

// One step of each opcode that the profile admits.
const quant = made(Opcode.Quant, [2, 3], [given(FLOAT, 2, 3)], [scale, 255n]);
const conv = constant(
  made(Opcode.Conv, [1, 6, 3, 3], [tensor(1, 4, 3, 3)], [1n, 3n, 3n, 1n, 1n, 1n, 1n, 1n, 1n, 255n, 255n]),
  6,
);
const grouped = constant(attr(conv, 0, 2n), 4);
const dot = constant(made(Opcode.Dot, [1, 2, 5], [tensor(1, 2, 33)], [255n, 255n]), 4);
const add = made(Opcode.Add, [2, 3], [tensor(2, 3), { ...tensor(2, 3), from: 0 }], [scale, scale, BigInt(bits(-3))]);
const addRow = constant(made(Opcode.Add, [2, 33], [tensor(2, 33)], [scale, scale, 0n]), 1);
const gap = made(Opcode.Gap, [1, 3, 1, 1], [tensor(1, 3, 14, 14)], [scale, 255n, 255n]);
const maxPool = made(Opcode.MaxPool, [1, 3, 9, 9], [tensor(1, 3, 9, 9)], [7n, 7n, 1n, 1n, 1n, 1n, 6n, 6n]);
const lut = constant(made(Opcode.Lut, [2, 3], [tensor(2, 3)]), 3);
const concatenated = constant(made(Opcode.Concat, [2, 5, 1], [tensor(2, 2, 1), tensor(2, 3, 1)], [1n]), 4);
const move = made(Opcode.Move, [3, 2], [tensor(2, 3)]);
const permuted = made(Opcode.Move, [3, 2, 4], [tensor(2, 3, 4)], [1n, 0n, 2n]);
const argMax: Step = { ...made(Opcode.ArgMax, [2], [tensor(2, 4_096)]), layout: Layout.Packed, dtype: INT64 };
const dequant: Step = {
  ...made(Opcode.Dequant, [2, 3], [tensor(2, 3)], [scale, 0n]),
  layout: Layout.Packed,
  dtype: FLOAT,
};

const negative = -1n;
const LEAST = BigInt(bits(2 ** -32));
const END = BigInt(bits(256));
const long = 2 ** 23 + 1;

type Named = readonly [title: string, step: Step];

describe("OnnxReferee.faulty, steps that break the profile", () => {
  /** Nothing is opened: whoever is judged beyond the step itself ends at the accused word. */
  const judged = async (step: string) => {
    const { referee } = await loadFixture(refereed);
    return { referee, verdict: judgeOf(referee)({ ...UNOPENED, step }) };
  };
  const convicts = async (step: string) => expect(await (await judged(step)).verdict).to.equal(true);
  const admits = async (step: string) => {
    const { referee, verdict } = await judged(step);
    const args = [encodeBytes32String("accused"), 0, 1];
    await expect(verdict)
      .to.be.revertedWithCustomError(referee, "RefereeWrongWords")
      .withArgs(...args);
  };

  const admitted: readonly Named[] = [
    ["QUANT", quant],
    ["QUANT by the smallest scale", attr(quant, 0, LEAST)],
    ["QUANT by the largest scale", attr(quant, 0, END - 1n)],
    ["CONV", conv],
    ["CONV in groups", grouped],
    ["CONV of 32,768 products", constant({ ...attr(attr(conv, 1, 8n), 2, 8n), inputs: [tensor(1, 512, 3, 3)] }, 13)],
    [
      "CONV of 2,048 products in a group",
      constant({ ...attr(attr(grouped, 1, 8n), 2, 8n), inputs: [tensor(1, 64, 3, 3)] }, 9),
    ],
    ["CONV of 1,024 pixels", constant(attr(attr(conv, 1, 32n), 2, 32n), 13)],
    ["CONV of 256 pixels, dilated", constant(attr(attr(attr(conv, 1, 16n), 2, 16n), 5, 2n), 11)],
    ["CONV of 256 pixels in a group", constant(attr(attr(grouped, 1, 16n), 2, 16n), 7)],
    ["CONV of any image that its window makes", { ...conv, shape: [1, 6, 50, 1] }],
    ["DOT", dot],
    ["DOT of 32,768 products", constant({ ...dot, inputs: [tensor(1, 2, 32_768)] }, 13)],
    ["ADD", add],
    ["ADD offset by minus zero", attr(add, 2, 0x8000_0000n)],
    ["ADD offset by 2^-55", attr(add, 2, BigInt(bits(2 ** -55)))],
    ["ADD offset by almost -2^17", attr(add, 2, BigInt(bits(-(2 ** 17))) - 1n)],
    ["ADD of a row", addRow],
    ["GAP", gap],
    ["MAXPOOL", maxPool],
    ["LUT", lut],
    ["CONCAT", concatenated],
    ["MOVE", move],
    ["MOVE by a permutation", permuted],
    ["MOVE into a packed tensor", { ...move, layout: Layout.Packed }],
    ["MOVE of an input of the graph", { ...move, inputs: [given(UINT8, 2, 3)] }],
    ["ARGMAX", argMax],
    ["ARGMAX of 256 in an image", { ...argMax, shape: [1, 3, 2], inputs: [tensor(1, 3, 2, 256)] }],
    ["ARGMAX that keeps its axis", { ...argMax, shape: [2, 1] }],
    ["DEQUANT", dequant],
    ["the step before as an input", input(lut, 0, { from: INDEX - 1 })],
  ];
  for (const [title, step] of admitted)
    it(`goes on to the openings: ${title}`, () => admits(encodeStep(step, INDEX, PROFILE)));

  const refused: readonly Named[] = [
    ["opcode 0", { ...lut, opcode: 0 as Opcode, constRoot: ZeroHash, constDepth: 0 }],
    ["opcode 12", { ...move, opcode: 12 as Opcode }],
    // What is made and read.
    ["a tensor of rank 0", { ...move, shape: [], inputs: [tensor(1)] }],
    ["a dimension of 0", { ...move, shape: [0, 6] }],
    ["a read dimension of 0", input(move, 0, { shape: [0, 6] })],
    ["dimensions of 0 on both sides", { ...move, shape: [0, 6], inputs: [tensor(0, 6)] }],
    ["a made tensor above 2^18 words", { ...move, shape: [2 ** 18 + 1, 1], inputs: [tensor(1, 2 ** 18 + 1)] }],
    ["a read tensor above 2^18 words", { ...move, shape: [1, 2 ** 18 + 1], inputs: [tensor(2 ** 18 + 1, 1)] }],
    ["a shape whose product wraps", { ...move, shape: [1, 2 ** 31, 2 ** 31, 2 ** 31, 2 ** 31, 2 ** 31] }],
    ["rows of rank 4", { ...permuted, ...made(Opcode.Move, [1, 1, 2, 3], [tensor(2, 3)]), layout: Layout.Rows }],
    ["an image of rank 2", { ...move, layout: Layout.Image }],
    ["a layout that there is not", { ...move, layout: 3 as Layout }],
    ["read rows of rank 4", input(maxPool, 0, { layout: Layout.Rows })],
    ["a read image of rank 2", input(move, 0, { layout: Layout.Image })],
    ["a packed tensor between steps", { ...lut, layout: Layout.Packed }],
    ["a packed tensor read from a step", input(move, 0, { layout: Layout.Packed })],
    ["an input of the graph in rows", input(move, 0, { from: GRAPH_INPUT })],
    ["an input of the graph that no MOVE reads", { ...lut, inputs: [given(UINT8, 2, 3)] }],
    ["a step that reads itself", input(move, 0, { from: INDEX })],
    ["a step that reads a later one", input(move, 0, { from: INDEX + 1 })],
    ["a step that reads what the statement states", { ...move, inputs: [{ ...given(UINT8, 2, 3), from: 0xfe00 }] }],
    ["int8 between steps", { ...move, dtype: 3 }],
    ["int8 read", input(move, 0, { dtype: 3 })],
    ["float between steps", { ...move, dtype: FLOAT }],
    ["float read by a MOVE", { ...move, inputs: [given(FLOAT, 2, 3)] }],
    ["no input", { ...move, inputs: [] }],
    ["a second input", { ...move, inputs: [tensor(2, 3), tensor(2, 3)] }],
    // Attributes and constants.
    ["an attribute too many", { ...lut, attrs: [0n] }],
    ["constants that nothing reads", constant(move, 3)],
    ["a depth without constants", { ...move, constDepth: 1 }],
    ...[quant, conv, dot, add, gap, maxPool, dequant].flatMap((step): Named[] => [
      [`opcode ${step.opcode} with an attribute less`, { ...step, attrs: step.attrs.slice(1) }],
      [`opcode ${step.opcode} with a negative attribute`, attr(step, step.attrs.length - 1, negative)],
    ]),
    ...[conv, grouped, dot, addRow, lut, concatenated].flatMap((step): Named[] => [
      [`opcode ${step.opcode} with constants less deep`, { ...step, constDepth: step.constDepth - 1 }],
      [`opcode ${step.opcode} with deeper constants`, { ...step, constDepth: step.constDepth + 1 }],
    ]),
    ...[quant, add, gap, dequant].flatMap((step): Named[] => [
      [`opcode ${step.opcode} with a scale of zero`, attr(step, 0, 0n)],
      [`opcode ${step.opcode} with a scale below 2^-32`, attr(step, 0, LEAST - 1n)],
      [`opcode ${step.opcode} with a scale of 2^8`, attr(step, 0, END)],
      [`opcode ${step.opcode} with a negative scale`, attr(step, 0, BigInt(bits(-0.5)))],
      [`opcode ${step.opcode} with a NaN as scale`, attr(step, 0, 0x7fc0_0000n)],
      [`opcode ${step.opcode} with a scale of more than 32 bits`, attr(step, 0, scale + 2n ** 32n)],
    ]),
    // QUANT, DEQUANT
    ["QUANT of a tensor of the trace", { ...quant, inputs: [{ ...tensor(2, 3), dtype: FLOAT }] }],
    ["QUANT of bytes", input(quant, 0, { dtype: UINT8 })],
    ["QUANT to another shape", { ...quant, shape: [3, 2] }],
    ["QUANT with a zero point of 256", attr(quant, 1, 256n)],
    ["DEQUANT to another shape", { ...dequant, shape: [6] }],
    ["DEQUANT to bytes", { ...dequant, dtype: UINT8 }],
    ["DEQUANT to rows", { ...dequant, layout: Layout.Rows }],
    // CONV
    ["CONV of other images", { ...conv, shape: [2, 6, 3, 3] }],
    ["CONV to rank 3", { ...conv, shape: [1, 6, 9], layout: Layout.Rows }],
    ["CONV of rank 3", { ...conv, inputs: [tensor(1, 4, 9)] }],
    ["CONV of no group", attr(conv, 0, 0n)],
    ["CONV of a negative group", attr(conv, 0, negative)],
    ["CONV of groups that do not divide the output", { ...grouped, shape: [1, 5, 3, 3] }],
    ["CONV of groups that do not divide the input", { ...grouped, inputs: [tensor(1, 5, 3, 3)] }],
    [
      "CONV of more than 32,768 products",
      constant({ ...attr(attr(conv, 1, 8n), 2, 8n), inputs: [tensor(1, 513, 3, 3)] }, 13),
    ],
    [
      "CONV of more than 2,048 products in a group",
      constant({ ...attr(attr(grouped, 1, 8n), 2, 8n), inputs: [tensor(1, 66, 3, 3)] }, 9),
    ],
    ["CONV of more than 1,024 pixels", constant(attr(attr(conv, 1, 41n), 2, 25n), 13)],
    ["CONV of more than 256 pixels, its rows dilated", constant(attr(attr(attr(conv, 1, 257n), 2, 1n), 5, 2n), 11)],
    ["CONV of more than 256 pixels, its columns dilated", constant(attr(attr(attr(conv, 1, 257n), 2, 1n), 6, 2n), 11)],
    ["CONV of more than 256 pixels in a group", constant(attr(attr(grouped, 1, 257n), 2, 1n), 7)],
    ["CONV whose kernel wraps", attr(attr(conv, 1, 2n ** 62n), 2, 2n ** 62n)],
    ...[1, 2, 3, 4, 5, 6].map((i): Named => [`CONV with a 0 in attribute ${i}`, attr(conv, i, 0n)]),
    ...[7, 8].map((i): Named => [`CONV with a negative pad, ${i}`, attr(conv, i, negative)]),
    ...[9, 10].map((i): Named => [`CONV with a zero point of 256, ${i}`, attr(conv, i, 256n)]),
    // DOT
    ["DOT of rank 1", constant(made(Opcode.Dot, [5], [tensor(33)], dot.attrs), 4)],
    ["DOT of rank 4", constant(made(Opcode.Dot, [1, 1, 2, 5], [tensor(1, 1, 2, 33)], dot.attrs), 4)],
    ["DOT to another rank", { ...dot, shape: [2, 5] }],
    ["DOT of other rows", { ...dot, shape: [1, 3, 5] }],
    ["DOT of other matrices", { ...dot, shape: [2, 2, 5] }],
    ["DOT of more than 32,768 products", constant({ ...dot, inputs: [tensor(1, 2, 32_769)] }, 13)],
    ["DOT with a zero point of 256", attr(dot, 0, 256n)],
    // ADD
    ["ADD to another shape", { ...add, shape: [3, 2] }],
    ["ADD of another shape", input(add, 1, { shape: [3, 2] })],
    ["ADD of three", { ...add, inputs: [...add.inputs, tensor(2, 3)] }],
    ["ADD with constants and two inputs", constant(add, 1)],
    ["ADD of a row of one", constant(made(Opcode.Add, [4, 1], [tensor(4, 1)], add.attrs), 0)],
    ["ADD of two numbers", { ...add, shape: [1, 1], inputs: [tensor(1, 1), tensor(1, 1)] }],
    ["ADD with a second scale of zero", attr(add, 1, 0n)],
    ["ADD offset by a NaN", attr(add, 2, 0x7fc0_0000n)],
    ["ADD offset by 2^17", attr(add, 2, BigInt(bits(2 ** 17)))],
    ["ADD offset by less than 2^-55", attr(add, 2, BigInt(bits(2 ** -55)) - 1n)],
    ["ADD offset by more than 32 bits", attr(add, 2, 2n ** 32n)],
    // GAP, MAXPOOL
    ["GAP of more than 196", { ...gap, inputs: [tensor(1, 3, 197, 1)] }],
    ["GAP to more than one", { ...gap, shape: [1, 3, 1, 2] }],
    ["GAP to a column", { ...gap, shape: [1, 3, 2, 1] }],
    ["GAP to other channels", { ...gap, shape: [1, 4, 1, 1] }],
    ["GAP with a zero point of 256", attr(gap, 1, 256n)],
    ["MAXPOOL to other channels", { ...maxPool, shape: [1, 4, 9, 9] }],
    ["MAXPOOL of other images", { ...maxPool, shape: [2, 3, 9, 9] }],
    ["MAXPOOL higher than 7", attr(maxPool, 0, 8n)],
    ["MAXPOOL wider than 7", attr(maxPool, 1, 8n)],
    ["MAXPOOL with a pad as high as the kernel", attr(maxPool, 6, 7n)],
    ["MAXPOOL with a pad as wide as the kernel", attr(maxPool, 7, 7n)],
    ...[0, 1, 2, 3, 4, 5].map((i): Named => [`MAXPOOL with a 0 in attribute ${i}`, attr(maxPool, i, 0n)]),
    // LUT, CONCAT
    ["LUT to another shape", { ...lut, shape: [3, 2] }],
    ["LUT of two", { ...lut, inputs: [tensor(2, 3), tensor(2, 3)], constDepth: 4 }],
    ["CONCAT of one", constant({ ...concatenated, shape: [2, 2, 1], inputs: [tensor(2, 2, 1)] }, 3)],
    ["CONCAT that is longer than its parts", { ...concatenated, shape: [2, 6, 1] }],
    ["CONCAT of parts that differ elsewhere", input(concatenated, 1, { shape: [1, 3, 1] })],
    ["CONCAT of parts of another rank", input(concatenated, 1, { shape: [2, 3] })],
    ["CONCAT along no axis", attr(concatenated, 0, 3n)],
    ["CONCAT along a negative axis", attr(concatenated, 0, negative)],
    // MOVE, ARGMAX
    ["MOVE of another length", { ...move, shape: [3, 3] }],
    ["MOVE by a permutation that repeats an axis", made(Opcode.Move, [2, 2], [tensor(2, 2)], [0n, 0n])],
    ["MOVE by a permutation of another rank", { ...permuted, attrs: [1n, 0n] }],
    ["MOVE by a permutation to another rank", { ...permuted, shape: [6, 4] }],
    ["MOVE by an axis that there is not", attr(permuted, 2, 3n)],
    ["MOVE by a permutation to another shape", { ...permuted, shape: [2, 3, 4] }],
    ["ARGMAX of more than 4,096", input(argMax, 0, { shape: [2, 4_097] })],
    ["ARGMAX of more than 256 in an image", { ...argMax, shape: [1, 3, 2], inputs: [tensor(1, 3, 2, 257)] }],
    ["ARGMAX of more rows", { ...argMax, shape: [3] }],
    ["ARGMAX to floats", { ...argMax, dtype: FLOAT }],
    ["ARGMAX to rows", { ...argMax, layout: Layout.Rows }],
    [
      "more than 2^26 words of constants",
      constant({ ...dot, shape: [1, 1, 2 ** 23], inputs: [tensor(1, 1, 256)] }, 27),
    ],
    ["an element type without a size", { ...dequant, dtype: 99 }],
    ["a tensor too long for its type", { ...argMax, shape: [long], inputs: [tensor(long, 1)] }],
  ];
  for (const [title, step] of refused)
    it(`convicts without any opening: ${title} [T017]`, () => convicts(encodeStep(step, INDEX, PROFILE)));

  context("given bytes that are no step", () => {
    const whole = encodeStep(conv, INDEX, PROFILE);
    const words = Array.from({ length: (whole.length - 2) / 64 }, (_, i) => dataSlice(whole, 32 * i, 32 * (i + 1)));

    it("convicts none, some and more of them", async () => {
      for (const bytes of [
        "0x",
        dataSlice(whole, 0, 31),
        dataSlice(whole, 0, 32 * (words.length - 1)),
        whole + "00",
        concat([whole, ZeroHash]),
      ])
        await convicts(bytes);
    });

    it("convicts a header's tag", () => convicts(concat([id("onnx-int8/1/graph"), ...words.slice(1)])));

    it("convicts every offset that is not where abi.encode puts it", async () => {
      // The step itself, its shape, inputs and attributes, the first input and its shape.
      for (const at of [2, 6, 7, 8, 17, 21]) {
        for (const step of [-32n, 1n, 32n, 2n ** 255n]) {
          const moved = BigInt.asUintN(256, BigInt(words[at] ?? 0) + step);
          await convicts(concat(words.with(at, toBeHex(moved, 32))));
        }
      }
    });

    it("convicts every number that does not fit its type", async () => {
      // Index; opcode, layout, type; depth; dimensions; the reference; a length; an attribute that is no int64.
      for (const at of [1, 3, 4, 5, 10, 11, 12, 16, 18, 19, 20, 22, 23, 27, 28]) {
        const wide = BigInt(words[at] ?? 0) + 2n ** 64n;
        await convicts(concat(words.with(at, toBeHex(wide, 32))));
      }
    });

    it("convicts shapes, inputs and attributes that are too many", async () => {
      await convicts(encodeStep({ ...move, shape: [1, 1, 1, 1, 1, 3, 2] }, INDEX, PROFILE));
      await convicts(
        encodeStep({ ...concatenated, inputs: Array.from({ length: 9 }, () => tensor(2, 2, 1)) }, INDEX, PROFILE),
      );
      await convicts(encodeStep({ ...conv, attrs: [...conv.attrs, 0n] }, INDEX, PROFILE));
    });
  });
});
