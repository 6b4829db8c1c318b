import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { ZeroHash } from "ethers";

import {
  commit,
  CONSTANT,
  DType,
  IntegerOpcode,
  Layout,
  MapOp,
  type ProgramStep,
  type Ref,
  type Step,
  SumKind,
  uncommit,
} from "../../../src/onnx/index.ts";
import { rowMajor, sizeOf } from "../../../src/onnx/layout.ts";
import { IndexMap } from "../../../src/onnx/profile2/compile/IndexMap.ts";
import { integerKernelOf } from "../../../src/onnx/profile2/kernels/index.ts";
import { instructionOf, runProgram } from "../../../src/onnx/profile2/mapProgram.ts";
import { Random } from "../support/Random.ts";
import { bytesOf, drawNumber, drawShape, Int32, Int64, Uint8 } from "./support/IntegerSketch.ts";
import { sourcesOf } from "./support/sourcesOf.ts";

/** A tensor as its numbers. */
interface Tensor {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly numbers: readonly bigint[];
}

const rows = (shape: readonly number[], dtype: number, from: number): Ref => ({
  from,
  layout: Layout.Rows,
  dtype,
  shape,
});

/** Runs a step by itself. Inputs behind `tensors` are constants. */
function run(
  step: Pick<Step, "opcode" | "dtype" | "shape" | "attrs">,
  inputs: readonly Tensor[],
  tensors = inputs.length,
) {
  const refs = inputs.map(({ dtype, shape }, i) => rows(shape, dtype, i < tensors ? i : CONSTANT));
  const words = inputs.map(({ dtype, numbers }, i) => commit(refs[i] ?? assert.fail(), bytesOf(dtype, numbers)));
  const constants = new Uint8Array(Buffer.concat(words.slice(tensors)));
  const whole: ProgramStep = {
    step: { ...step, layout: Layout.Rows, inputs: refs, constRoot: ZeroHash, constDepth: 0 },
    constants,
    name: "",
  };
  const made = uncommit(whole.step, integerKernelOf(whole)(words.slice(0, tensors)));
  return numbersOf(step.dtype, made);
}

function numbersOf(dtype: number, bytes: Uint8Array): bigint[] {
  const aligned = bytes.slice().buffer;
  if (dtype === Int64) return [...new BigInt64Array(aligned)];
  return Array.from(dtype === Int32 ? new Int32Array(aligned) : new Uint8Array(aligned), BigInt);
}

function tensor(
  random: Random,
  dtype: number,
  shape: readonly number[],
  draw = () => drawNumber(random, dtype),
): Tensor {
  return { dtype, shape, numbers: random.list(sizeOf(shape), draw) };
}

/** The number at the place of an element of the whole, in a tensor that is repeated to it. */
function at({ shape, numbers }: Tensor, whole: readonly number[], index: number): bigint {
  const strides = rowMajor(shape);
  let [rest, place] = [index, 0];
  for (let i = 1; i <= whole.length; i += 1) {
    const size = whole.at(-i) ?? 1;
    if ((shape.at(-i) ?? 1) > 1 && i <= shape.length) place += (rest % size) * (strides.at(-i) ?? 0);
    rest = Math.floor(rest / size);
  }
  return numbers[place] ?? 0n;
}

describe("The kernel of MAP", () => {
  const { Const, Add, Sub, Mul, Div, Abs, Wrap32, Wrap8, Clip, Where, Greater, Table } = MapOp;
  const narrow = [Wrap32, Wrap8, Abs];

  /** A program that never leaves 64 bits: what is multiplied is wrapped to 32 bits before. */
  function drawProgram(random: Random, operands: number, table: number): bigint[] {
    const attrs = [BigInt(operands)];
    let values = operands;
    const push = (op: MapOp, ...parts: readonly [a?: number, b?: number, c?: number]): number => {
      attrs.push(instructionOf(op, ...parts));
      values += 1;
      return values - 1;
    };
    const any = () => random.int(0, values - 1);
    const small = () => push(Wrap32, any());
    for (let i = random.int(1, 12); i > 0; i -= 1) {
      const kind = random.int(0, 7);
      if (kind === 0) {
        push(Const);
        attrs.push(drawNumber(random, random.pick([Uint8, Int32, Int64])));
      } else if (kind === 1) push(random.pick([Add, Sub]), small(), small());
      else if (kind === 2) push(Mul, small(), small());
      else if (kind === 3) push(Div, any(), push(Abs, small()));
      else if (kind === 4) push(random.pick(narrow), small());
      else if (kind === 5) push(Clip, any(), any(), any());
      else if (kind === 6) push(Where, push(Greater, any(), any()), any(), any());
      else push(Table, push(Wrap8, any()), table);
    }
    push(Wrap32, values - 1);
    return attrs;
  }

  it("runs 300 random programs as they run element by element in exact integers, whatever is broadcast", () => {
    const random = new Random(1);
    for (let round = 0; round < 300; round += 1) {
      const shape = random.chance(0.1) ? [random.int(1, 3), 3_000] : drawShape(random);
      const operands = random.list(random.int(1, 4), (): Tensor => {
        const own = shape.map((size) => (random.chance(0.3) ? 1 : size)).slice(random.int(0, shape.length - 1));
        return tensor(random, random.pick([Uint8, Int32, Int64]), own);
      });
      const constants = random.int(0, operands.length - 1);
      const table = tensor(random, random.pick([Uint8, Int32, Int64]), [256]);
      const attrs = drawProgram(random, operands.length, operands.length);
      const step = { opcode: IntegerOpcode.Map, dtype: Int32, shape, attrs };
      const made = run(step, [...operands, table], operands.length - constants);
      const look = (_: number, entry: bigint) => table.numbers[Number(entry)] ?? 0n;
      for (const [i, number] of made.entries()) {
        const values = operands.map((operand) => at(operand, shape, i));
        assert.equal(number, runProgram(attrs, values, look), `round ${round}, element ${i}`);
      }
    }
  });

  it("divides as exact integers do, also where a double could round the quotient up", () => {
    const dividends = [2n ** 52n, 2n ** 53n, 2n ** 62n, 2n ** 63n].flatMap((power) =>
      [1n, 2n, 3n].flatMap((less) => [power - less, less - power]),
    );
    const divisors = [1n, 2n, 3n, 7n, 2n ** 26n + 1n, 2n ** 31n - 1n, 2n ** 52n - 1n, 2n ** 62n];
    const pairs = dividends.flatMap((a) => divisors.map((b) => [a, b] as const));
    // Each by itself, so that none of them makes all others be computed in 64-bit integers.
    for (const [a, b] of pairs) {
      const inputs = [a, b].map((number) => ({ dtype: Int64, shape: [1], numbers: [number] }));
      const step = { opcode: IntegerOpcode.Map, dtype: Int64, shape: [1], attrs: [2n, instructionOf(Div, 0, 1)] };
      assert.deepEqual(run(step, inputs), [a / b], `${a} / ${b}`);
    }
  });

  it("has a number for what no honest model does: division by zero and entries that no table has", () => {
    const zero = { dtype: Int64, shape: [2], numbers: [0n, 3n] };
    const divide = {
      opcode: IntegerOpcode.Map,
      dtype: Int64,
      shape: [2],
      attrs: [1n, instructionOf(Const), 7n, instructionOf(Div, 1, 0)],
    };
    assert.deepEqual(run(divide, [zero]), [0n, 2n]);
    const table = { dtype: Int32, shape: [3], numbers: [5n, 6n, 7n] };
    const look = { opcode: IntegerOpcode.Map, dtype: Int32, shape: [2], attrs: [1n, instructionOf(Table, 0, 1)] };
    assert.deepEqual(run(look, [{ ...zero, numbers: [-1n, 3n] }, table], 1), [0n, 0n]);
    assert.deepEqual(run(look, [{ ...zero, numbers: [2n ** 60n, 2n] }, table], 1), [0n, 7n]);
  });
});

describe("The kernels of rows", () => {
  it("add up 16,384 of the largest numbers, and squares of the largest of 32 bits", () => {
    const long = Array<bigint>(16_384).fill(2n ** 48n);
    const sum = { opcode: IntegerOpcode.Sum, dtype: Int64, shape: [1] };
    const values = { ...sum, attrs: [BigInt(SumKind.Values)] };
    assert.deepEqual(run(values, [{ dtype: Int64, shape: [16_384], numbers: long }]), [2n ** 62n]);
    const squares = { ...sum, attrs: [BigInt(SumKind.Squares)] };
    const numbers = [-(2n ** 31n), 2n ** 31n - 1n, 1n];
    assert.deepEqual(run(squares, [{ dtype: Int32, shape: [3], numbers }]), [2n ** 62n + (2n ** 31n - 1n) ** 2n + 1n]);
  });

  it("find the first maximum among numbers that doubles cannot tell apart", () => {
    const numbers = [2n ** 62n, 2n ** 62n + 1n, 2n ** 62n + 1n, 2n ** 62n - 1n];
    const step = { opcode: IntegerOpcode.ArgMax, dtype: Int64, shape: [1], attrs: [] };
    assert.deepEqual(run(step, [{ dtype: Int64, shape: [4], numbers }]), [1n]);
  });

  it("multiply 32,768 of the largest bytes by the largest weights, either sign", () => {
    const depth = 32_768;
    const bytes = (...values: readonly bigint[]) => values.flatMap((value) => Array<bigint>(depth).fill(value));
    const a = { dtype: Uint8, shape: [2, depth], numbers: bytes(255n, 0n) };
    const b = { dtype: Uint8, shape: [3, depth], numbers: bytes(255n, 0n, 1n) };
    for (const [za, zb] of [
      [0n, 0n],
      [255n, 0n],
      [0n, 255n],
      [255n, 255n],
    ] as const) {
      const step = { opcode: IntegerOpcode.Dot, dtype: Int32, shape: [2, 3], attrs: [za, zb] };
      const sum = (x: bigint, y: bigint) => BigInt(depth) * (x - za) * (y - zb);
      const expected = [255n, 0n].flatMap((x) => [255n, 0n, 1n].map((y) => sum(x, y)));
      assert.deepEqual(run(step, [a, b]), expected);
    }
  });
});

describe("The kernel of MOVE", () => {
  it("copies 200 random tensors as their map says, of every type", () => {
    const random = new Random(2);
    for (let round = 0; round < 200; round += 1) {
      const x = tensor(random, random.pick([Uint8, Int32, Int64, DType.Bool]), drawShape(random));
      const count = sizeOf(x.shape);
      const sizes = random.list(random.int(1, 3), () => random.int(1, 5));
      const strides = sizes.map((size) => random.int(0, Math.floor((count - 1) / sizes.length / size)));
      const reach = sizes.map((size, i) => (size - 1) * (strides[i] ?? 0));
      const turned = sizes.map(() => random.chance(0.3));
      const base = reach.reduce((sum, own, i) => sum + (turned[i] === true ? own : 0), 0);
      const signed = strides.map((stride, i) => (turned[i] === true ? -stride : stride));
      const digits = sizes.map((size, i) => ({ size, stride: signed[i] ?? 0 }));
      const attrs = [sizes.length, ...sizes, base, ...signed].map(BigInt);
      const step = { opcode: IntegerOpcode.Move, dtype: x.dtype, shape: [sizeOf(sizes)], attrs };
      const expected = sourcesOf(new IndexMap(base, digits)).map((source) => x.numbers[source]);
      assert.deepEqual(run(step, [x]), expected, `round ${round}`);
    }
  });
});
