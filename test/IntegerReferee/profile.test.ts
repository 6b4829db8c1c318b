import { expect } from "chai";
import { encodeBytes32String, id, ZeroHash } from "ethers";

import {
  CONSTANT,
  encodeStep,
  GRAPH_INPUT,
  INTEGER_PROFILE,
  IntegerOpcode,
  Layout,
  MapOp,
  PROFILE,
  type Ref,
  STATED_OUTPUT,
  type Step,
} from "../../packages/sdk/src/onnx/index.ts";
import { BOOL, inOrder, instruction, INT32 } from "../support/integerScenes.ts";
import { loadFixture } from "../support/network.ts";
import { integerRefereed, judgeOf, UNOPENED } from "../support/referee.ts";
import { FLOAT, INT64, UINT8 } from "../support/scenes.ts";

const INDEX = 5;

const tensor = (dtype: number, ...shape: readonly number[]): Ref => ({ from: 1, layout: Layout.Rows, dtype, shape });
const constantOf = (dtype: number, ...shape: readonly number[]): Ref => ({
  ...tensor(dtype, ...shape),
  from: CONSTANT,
});
const given = (from: number, dtype: number, ...shape: readonly number[]): Ref => ({
  from,
  layout: Layout.Packed,
  dtype,
  shape,
});

function made(
  opcode: IntegerOpcode,
  dtype: number,
  shape: readonly number[],
  inputs: readonly Ref[],
  attrs: readonly bigint[] = [],
): Step {
  return { opcode, layout: Layout.Rows, dtype, shape, inputs, attrs, constRoot: ZeroHash, constDepth: 0 };
}
const committed = (step: Step, constDepth: number): Step => ({ ...step, constRoot: id("constants"), constDepth });
const input = (step: Step, i: number, change: Partial<Ref>): Step => ({
  ...step,
  inputs: step.inputs.map((ref, k) => (k === i ? { ...ref, ...change } : ref)),
});
const attr = (step: Step, i: number, value: bigint): Step => ({ ...step, attrs: step.attrs.with(i, value) });

const dot = committed(made(IntegerOpcode.Dot, INT32, [2, 5], [tensor(UINT8, 2, 33)], [128n, 0n]), 4);
const pair = made(IntegerOpcode.Dot, INT32, [3, 2, 5], [tensor(UINT8, 3, 2, 33), tensor(UINT8, 3, 5, 33)], [128n, 0n]);
const map = committed(
  made(
    IntegerOpcode.Map,
    INT32,
    [2, 3],
    [tensor(INT32, 2, 3), tensor(UINT8, 3), constantOf(INT32, 2, 1), constantOf(INT64, 9)],
    [3n, instruction(MapOp.Table, 1, 3), instruction(MapOp.Add, 0, 3), instruction(MapOp.Mul, 2, 4)],
  ),
  3,
);
const sum = made(IntegerOpcode.Sum, INT64, [2, 1], [tensor(INT32, 2, 40)], [1n]);
const argMax = made(IntegerOpcode.ArgMax, INT64, [2], [tensor(INT32, 2, 40)]);
const take = made(IntegerOpcode.Take, BOOL, [2, 3], [tensor(BOOL, 2, 40), tensor(INT64, 2, 3)]);
const rows = committed(made(IntegerOpcode.Rows, UINT8, [2, 3, 40], [tensor(INT32, 2, 3), constantOf(UINT8, 9, 40)]), 5);
const move = made(IntegerOpcode.Move, UINT8, [3, 2], [tensor(UINT8, 2, 3)], [2n, 3n, 2n, 0n, 1n, 3n]);
const join = made(IntegerOpcode.Join, INT32, [2, 5], [tensor(INT32, 2, 2), tensor(INT32, 2, 3)], [1n]);
const all = { dot, pair, map, sum, argMax, take, rows, move, join };

type Named = readonly [title: string, step: Step];

describe("IntegerReferee.faulty, steps that break the profile", () => {
  /** Nothing is opened: whoever is judged beyond the step itself ends at the accused word. */
  const judged = async (step: string) => {
    const { referee } = await loadFixture(integerRefereed);
    return { referee, verdict: judgeOf(referee)({ ...UNOPENED, step }) };
  };
  const convicts = async (step: string) => expect(await (await judged(step)).verdict).to.equal(true);
  const admits = async (step: string) => {
    const { referee, verdict } = await judged(step);
    await expect(verdict)
      .to.be.revertedWithCustomError(referee, "RefereeWrongWords")
      .withArgs(encodeBytes32String("accused"), 0, 1);
  };

  const admitted: readonly Named[] = [
    ...Object.entries(all),
    ["a tensor of rank 4 in rows", { ...move, shape: [1, 3, 1, 2] }],
    ["a MOVE into a packed output", { ...move, layout: Layout.Packed }],
    ["a MOVE of an input of the graph", { ...move, inputs: [given(GRAPH_INPUT + 7, UINT8, 2, 3)] }],
    ["a MOVE of a stated output", { ...move, inputs: [given(STATED_OUTPUT, UINT8, 2, 3)] }],
    ["a MAP of an input of the graph", input(map, 0, given(GRAPH_INPUT, INT32, 2, 3))],
    ["a MAP of a stated output", input(map, 1, given(STATED_OUTPUT + 255, UINT8, 3))],
    ["a MAP without instructions", made(IntegerOpcode.Map, INT64, [2, 3], [tensor(UINT8, 2, 3)], [1n])],
    ["the step before as an input", input(sum, 0, { from: INDEX - 1 })],
    ["a SUM that drops its axis", { ...sum, shape: [2] }],
  ];
  for (const [title, step] of admitted)
    it(`goes on to the openings: ${title}`, () => admits(encodeStep(step, INDEX, INTEGER_PROFILE)));

  const refused: readonly Named[] = [
    ["opcode 0", { ...sum, opcode: 0 as IntegerOpcode }],
    ["opcode 9", { ...join, opcode: 9 }],
    ["float32", { ...map, dtype: FLOAT }],
    ["float32 read", input(map, 0, { dtype: FLOAT })],
    ["an image", { ...move, layout: Layout.Image }],
    ["a packed tensor that is no copy", { ...sum, layout: Layout.Packed }],
    ["a dimension of 0", { ...move, shape: [0, 6] }],
    ["a tensor above 2^18 words", { ...sum, shape: [2 ** 18 + 1], inputs: [tensor(INT32, 2 ** 18 + 1, 1)] }],
    ["a shape whose product wraps", { ...move, shape: [2 ** 31, 2 ** 31, 2 ** 31, 2 ** 31, 2 ** 31, 2 ** 31] }],
    ["a step that reads itself", input(sum, 0, { from: INDEX })],
    ["a step that reads a later one", input(sum, 0, { from: INDEX + 1 })],
    ["a reference between constants and payloads", input(move, 0, { from: CONSTANT + 1 })],
    ["a SUM of a constant", input(sum, 0, { from: CONSTANT })],
    ["a SUM of an input of the graph", { ...sum, inputs: [given(GRAPH_INPUT, INT32, 2, 40)] }],
    [
      "a MAP whose tensor stands behind its constant",
      { ...map, inputs: map.inputs.with(2, tensor(INT32, 2, 3)).with(1, constantOf(UINT8, 3)) },
    ],
    ["a MAP whose table is a tensor", input(map, 3, { from: 1 })],
    ["a MAP whose operand is wider than what it makes", input(map, 1, { shape: [4] })],
    ["a MAP of no operand", attr(map, 0, 0n)],
    ["a MAP of more operands than inputs", attr(map, 0, 5n)],
    ["a MAP that reads its own value", attr(map, 2, instruction(MapOp.Add, 0, 4))],
    ["a MAP that looks up in an operand", attr(map, 1, instruction(MapOp.Table, 1, 2))],
    ["a MAP that looks up in no input", attr(map, 1, instruction(MapOp.Table, 1, 4))],
    ["a MAP with an instruction that there is not", attr(map, 2, 15n)],
    ["a MAP with an instruction of more than 32 bits", attr(map, 2, instruction(MapOp.Add, 0, 3) + 2n ** 32n)],
    ["a MAP with a negative instruction", attr(map, 2, -1n)],
    ["a MAP that ends with CONST", { ...map, attrs: [...map.attrs, instruction(MapOp.Const)] }],
    [
      "a MAP of 121 values",
      { ...map, attrs: [3n, ...Array.from({ length: 121 }, () => instruction(MapOp.Add, 0, 1))] },
    ],
    ["a DOT of more than 32,768 products", committed({ ...dot, inputs: [tensor(UINT8, 2, 32_769)] }, 13)],
    ["a DOT of rank 1", committed({ ...dot, shape: [5], inputs: [tensor(UINT8, 33)] }, 4)],
    ["a DOT with a zero point of 256", attr(dot, 0, 256n)],
    ["a DOT of matrices that are not as many", input(pair, 1, { shape: [4, 5, 33] })],
    ["a DOT of rows of other lengths", input(pair, 1, { shape: [3, 5, 32] })],
    ["a DOT of other columns", input(pair, 1, { shape: [3, 6, 33] })],
    ["a DOT of two tensors with constants", committed(pair, 4)],
    ["a SUM of more than 16,384", input(sum, 0, { shape: [2, 16_385] })],
    ["a SUM of a third kind", attr(sum, 0, 2n)],
    ["a SUM of truths", input(sum, 0, { dtype: BOOL })],
    ["a SUM to bytes", { ...sum, dtype: UINT8 }],
    ["an ARGMAX of other rows", { ...argMax, shape: [3] }],
    ["an ARGMAX to int32", { ...argMax, dtype: INT32 }],
    ["a TAKE by bytes", input(take, 1, { dtype: UINT8 })],
    ["a TAKE of other rows", input(take, 0, { shape: [3, 40] })],
    ["a ROWS of a tensor", { ...input(rows, 1, { from: 1 }), constRoot: ZeroHash, constDepth: 0 }],
    ["a ROWS to another shape", { ...rows, shape: [2, 3, 39] }],
    ["a MOVE to another type", { ...move, dtype: BOOL }],
    ["a MOVE by radices that make fewer numbers", { ...move, attrs: [2n, 3n, 1n, 0n, 1n, 3n] }],
    ["a MOVE by a radix of 0", { ...move, attrs: [2n, 0n, 2n, 0n, 1n, 3n] }],
    ["a MOVE by negative radices", { ...move, attrs: [2n, -3n, -2n, 0n, 1n, 3n] }],
    ["a MOVE without strides", { ...move, attrs: inOrder(6).slice(0, 3) }],
    ["a JOIN of one", { ...join, shape: [2, 2], inputs: join.inputs.slice(0, 1) }],
    ["a JOIN along no axis", attr(join, 0, 2n)],
    ["a JOIN that is longer than its parts", { ...join, shape: [2, 6] }],
    ...Object.entries(all).flatMap(([name, step]): Named[] => [
      [`${name} with an attribute too many`, { ...step, attrs: [...step.attrs, -1n] }],
      [`${name} with deeper constants`, { ...step, constDepth: step.constDepth + 1 }],
      [`${name} with an input too many`, { ...step, inputs: [...step.inputs, tensor(UINT8, 1)] }],
    ]),
  ];
  for (const [title, step] of refused)
    it(`convicts without any opening: ${title} [T017]`, () => convicts(encodeStep(step, INDEX, INTEGER_PROFILE)));

  it("convicts steps of another profile, and of a number that no model has", async () => {
    await convicts(encodeStep(sum, INDEX, PROFILE));
    await admits(encodeStep(sum, 4_095, INTEGER_PROFILE));
    await convicts(encodeStep(sum, 4_096, INTEGER_PROFILE));
  });

  it("convicts shapes, inputs and attributes that are too many", async () => {
    await convicts(encodeStep({ ...move, shape: [1, 1, 1, 1, 1, 3, 2] }, INDEX, INTEGER_PROFILE));
    const parts = (count: number) => Array.from({ length: count }, () => tensor(INT32, 2, 1));
    await admits(encodeStep({ ...join, shape: [2, 16], inputs: parts(16) }, INDEX, INTEGER_PROFILE));
    await convicts(encodeStep({ ...join, shape: [2, 17], inputs: parts(17) }, INDEX, INTEGER_PROFILE));
    const digits = (count: number) => [BigInt(count), ...Array.from({ length: count }, () => 1n)];
    const padded = (count: number) => [...digits(count).with(1, 6n), ...Array.from({ length: count + 1 }, () => 0n)];
    await admits(encodeStep({ ...move, attrs: padded(79) }, INDEX, INTEGER_PROFILE));
    await convicts(encodeStep({ ...move, attrs: padded(80) }, INDEX, INTEGER_PROFILE));
  });
});
