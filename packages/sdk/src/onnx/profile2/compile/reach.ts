/** What the instructions of a MAP can make of values within bounds. */
import { DType } from "../../model.ts";
import type { ComputeOp } from "../mapProgram.ts";
import { MapOp } from "../program.ts";
import {
  type Bounds,
  clipped,
  difference,
  magnitude,
  product,
  quotient,
  rangeOf,
  square,
  sum,
  TRUTH,
  union,
  wrapped,
} from "./bounds.ts";

/** Of no value but 0. */
export const NOTHING: Bounds = { low: 0n, high: 0n };

/** Instructions that take fewer values do not look at the others. */
type Reach = (a: Bounds, b: Bounds, c: Bounds) => Bounds;

const REACH: Readonly<Record<ComputeOp, Reach>> = {
  [MapOp.Add]: sum,
  [MapOp.Sub]: difference,
  [MapOp.Mul]: product,
  // No compiled model divides by less than 1; what a division by 0 makes is 0.
  [MapOp.Div]: (a, b) => (b.low < 1n ? union([magnitude(a), difference(NOTHING, magnitude(a))]) : quotient(a, b)),
  [MapOp.Abs]: magnitude,
  [MapOp.Wrap8]: (a) => wrapped(a, rangeOf(DType.Uint8)),
  [MapOp.Wrap32]: (a) => wrapped(a, rangeOf(DType.Int32)),
  [MapOp.Clip]: clipped,
  [MapOp.Where]: (_, b, c) => union([b, c]),
  [MapOp.Greater]: () => TRUTH,
  [MapOp.Less]: () => TRUTH,
  [MapOp.GreaterOrEqual]: () => TRUTH,
  [MapOp.Equal]: () => TRUTH,
};

/**
 * What an instruction can make.
 * @param values that it takes: a value times itself reaches less than one times another.
 * @param boundsOf bounds of such a value.
 */
export function reachOf<Value>(op: ComputeOp, values: readonly Value[], boundsOf: (value: Value) => Bounds): Bounds {
  const [a = NOTHING, b = NOTHING, c = NOTHING] = values.map(boundsOf);
  return op === MapOp.Mul && values[0] === values[1] ? square(a) : REACH[op](a, b, c);
}
