/** Operators that make each element of those at its place. */
import { type Constant } from "../../compile/constant.ts";
import { list } from "../../compile/NodeReader.ts";
import { DType } from "../../model.ts";
import { MapOp } from "../program.ts";
import {
  type Bounds,
  clipped,
  difference,
  magnitude,
  product,
  quotient,
  rangeOf,
  shown,
  square,
  sum,
  TRUTH,
  union,
  wrapped,
} from "./bounds.ts";
import type { IntegerOperator } from "./operators.ts";
import { ANY, type IntegerReader, NUMBERS, WIDE } from "./IntegerReader.ts";
import type { IntegerTensor } from "./IntegerTensor.ts";

type Make = IntegerOperator["make"];

const binary =
  (op: MapOp, combine: (a: IntegerTensor, b: IntegerTensor, node: IntegerReader) => Bounds): Make =>
  (node) => {
    const [a, b] = pairOf(node, WIDE);
    return [node.elements({ op, operands: [a, b] }, a.dtype, combine(a, b, node))];
  };

function pairOf(node: IntegerReader, dtypes: readonly number[]): readonly [IntegerTensor, IntegerTensor] {
  const [a, b] = node.operands(["A", "B"], dtypes);
  return [a as IntegerTensor, b as IntegerTensor];
}

export const add = binary(MapOp.Add, (a, b) => sum(a.bounds, b.bounds));
export const sub = binary(MapOp.Sub, (a, b) => difference(a.bounds, b.bounds));
export const mul = binary(MapOp.Mul, (a, b) => (a === b ? square(a.bounds) : product(a.bounds, b.bounds)));

/** Towards zero. What a processor does where the divisor is 0, or -1 of the least number, ends the process. */
export const div = binary(MapOp.Div, (a, b, node) => {
  if (b.bounds.low < 1n) node.stop("B", `can be in ${shown(b.bounds)}; a divisor must be 1 at least`);
  return quotient(a.bounds, b.bounds);
});

export const abs: Make = (node) => {
  const x = node.tensor("X", WIDE);
  return [node.elements({ op: MapOp.Abs, operands: [x] }, x.dtype, magnitude(x.bounds))];
};

const comparison =
  (op: MapOp): Make =>
  (node) => [node.elements({ op, operands: pairOf(node, NUMBERS) }, DType.Bool, TRUTH)];

export const greater = comparison(MapOp.Greater);
export const less = comparison(MapOp.Less);
export const greaterOrEqual = comparison(MapOp.GreaterOrEqual);
export const equal = comparison(MapOp.Equal);

export const where: Make = (node) => {
  const condition = node.operand("condition", [DType.Bool]);
  const [x, y] = node.operands(["X", "Y"], NUMBERS) as [IntegerTensor, IntegerTensor];
  return [node.elements({ op: MapOp.Where, operands: [condition, x, y] }, x.dtype, union([x.bounds, y.bounds]))];
};

const WRAPS: ReadonlyMap<number, MapOp> = new Map([
  [DType.Uint8, MapOp.Wrap8],
  [DType.Int32, MapOp.Wrap32],
]);

/** Keeps the lowest bits. Where that is all of them, no instruction is needed. */
export const cast: Make = (node) => {
  const to = node.int("to", 0);
  if (!NUMBERS.includes(to)) node.stop("to", `is ${to}, not ${NUMBERS.join(" or ")}`);
  const x = node.tensor("input", ANY);
  if (x.dtype === to) return [x];
  const bounds = wrapped(x.bounds, rangeOf(to));
  const op = bounds === x.bounds ? undefined : WRAPS.get(to);
  return [node.elements({ op, operands: [x] }, to, bounds)];
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
  const bounds = clipped(x.bounds, least.bounds, most.bounds);
  return [node.elements({ op: MapOp.Clip, operands: [x, least, most] }, x.dtype, bounds)];
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
