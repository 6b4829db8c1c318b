/** Operators that make each element of those at its place. */
import { type Constant } from "../../compile/constant.ts";
import { list } from "../../compile/NodeReader.ts";
import { DType } from "../../model.ts";
import type { ComputeOp } from "../mapProgram.ts";
import { MapOp } from "../program.ts";
import { fits, rangeOf, shown } from "./bounds.ts";
import { reachOf } from "./reach.ts";
import type { IntegerOperator } from "./operators.ts";
import { ANY, type IntegerReader, NUMBERS, WIDE } from "./IntegerReader.ts";
import type { IntegerTensor } from "./IntegerTensor.ts";

type Make = IntegerOperator["make"];

/** What an instruction makes; without one, each element stays the same number. */
const made = (
  node: IntegerReader,
  op: ComputeOp | undefined,
  operands: readonly [IntegerTensor, ...IntegerTensor[]],
  dtype = operands[0].dtype,
): readonly IntegerTensor[] => {
  const bounds = op === undefined ? operands[0].bounds : reachOf(op, operands, (operand) => operand.bounds);
  return [node.elements({ op, operands }, dtype, bounds)];
};

function pairOf(node: IntegerReader, dtypes: readonly number[]): readonly [IntegerTensor, IntegerTensor] {
  const [a, b] = node.operands(["A", "B"], dtypes);
  return [a as IntegerTensor, b as IntegerTensor];
}

const binary =
  (op: ComputeOp): Make =>
  (node) =>
    made(node, op, pairOf(node, WIDE));

export const add = binary(MapOp.Add);
export const sub = binary(MapOp.Sub);
export const mul = binary(MapOp.Mul);

/** Towards zero. What a processor does where the divisor is 0, or -1 of the least number, ends the process. */
export const div: Make = (node) => {
  const [a, b] = pairOf(node, WIDE);
  if (b.bounds.low < 1n) node.stop("B", `can be in ${shown(b.bounds)}; a divisor must be 1 at least`);
  return made(node, MapOp.Div, [a, b]);
};

export const abs: Make = (node) => made(node, MapOp.Abs, [node.tensor("X", WIDE)]);

const comparison =
  (op: ComputeOp): Make =>
  (node) =>
    made(node, op, pairOf(node, NUMBERS), DType.Bool);

export const greater = comparison(MapOp.Greater);
export const less = comparison(MapOp.Less);
export const greaterOrEqual = comparison(MapOp.GreaterOrEqual);
export const equal = comparison(MapOp.Equal);

export const where: Make = (node) => {
  const condition = node.operand("condition", [DType.Bool]);
  const [x, y] = node.operands(["X", "Y"], NUMBERS) as [IntegerTensor, IntegerTensor];
  return made(node, MapOp.Where, [condition, x, y], x.dtype);
};

const WRAPS: ReadonlyMap<number, ComputeOp> = new Map([
  [DType.Uint8, MapOp.Wrap8],
  [DType.Int32, MapOp.Wrap32],
]);

/** Keeps the lowest bits. Where that is all of them, no instruction is needed. */
export const cast: Make = (node) => {
  const to = node.int("to", 0);
  if (!NUMBERS.includes(to)) node.stop("to", `is ${to}, not ${NUMBERS.join(" or ")}`);
  const x = node.tensor("input", ANY);
  if (x.dtype === to) return [x];
  const op = fits(x.bounds, rangeOf(to)) ? undefined : WRAPS.get(to);
  return made(node, op, [x], to);
};

/** ONNX Runtime compares int64 by their lower halves where it uses Eigen's vectors for SSE2. */
const WRONG_CLIP =
  "has element type 7: of int64 it is wrong in ONNX Runtime 1.23.2 and 1.30.0 on x86, min(5, 2^31) being 2^31; Cast to int32";

export const clip: Make = (node) => {
  const x = node.tensor("input", ANY);
  if (x.dtype === DType.Int64) node.stop("input", WRONG_CLIP);
  if (x.dtype === DType.Bool) node.stop("input", `has element type ${x.dtype}, not ${DType.Uint8} or ${DType.Int32}`);
  const { low, high } = rangeOf(x.dtype);
  const [least, most] = [boundOf(node, "min", x.dtype, low), boundOf(node, "max", x.dtype, high)];
  return made(node, MapOp.Clip, [x, least, most]);
};

/** A bound of Clip: a constant without axes. */
function boundOf(node: IntegerReader, input: string, dtype: number, absent: bigint): IntegerTensor {
  const constant = node.hasInput(input) ? node.constant(input, [dtype]) : scalar(dtype, absent);
  if (constant.shape.length > 0) node.stop(input, `has the shape ${list(constant.shape)}, not []`);
  return node.constantTensor(input, constant);
}

function scalar(dtype: number, value: bigint): Constant {
  const bytes = dtype === DType.Uint8 ? Uint8Array.of(Number(value)) : Int32Array.of(Number(value));
  return { dtype, shape: [], bytes: new Uint8Array(bytes.buffer) };
}
