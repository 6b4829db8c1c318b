import { DType } from "@opg-protocol/sdk/onnx";

import type { FixedPoint } from "../fixedPoint.ts";
import { type Projection, ZERO_POINT } from "../IntegerLlama.ts";
import type { Value } from "./GraphWriter.ts";
import type { IntegerGraph } from "./IntegerGraph.ts";

/** Rows of bytes times a matrix of bytes. */
export function accumulate(g: IntegerGraph, x: Value, { inputs, outputs, weights }: Projection): Value {
  return g.matMul(x, g.constant(weights, [inputs, outputs]), ZERO_POINT, ZERO_POINT);
}

/**
 * Numbers times their column's ratio, as int64.
 * @custom:rounds to nearest: division cuts off towards zero, so it takes place among positive numbers.
 */
export function scaled(g: IntegerGraph, x: Value, scale: FixedPoint): Value {
  return g.add(scaledFrom(g, x, scale, scale.bound), -scale.bound);
}

/** The same as bytes around the zero point. What would be below 0 or above 255 is cut off. */
export function scaledToBytes(g: IntegerGraph, x: Value, scale: FixedPoint): Value {
  return toBytes(g, scaledFrom(g, x, scale, BigInt(ZERO_POINT)));
}

/** The same as places in a table. */
export function scaledToPlaces(g: IntegerGraph, x: Value, scale: FixedPoint, entries: number): Value {
  return g.clip(g.cast(scaledFrom(g, x, scale, BigInt(entries / 2)), DType.Int32), 0, entries - 1);
}

/** `offset` plus the scaled number. Rounds to nearest where that is positive; where not, nobody cares how. */
function scaledFrom(g: IntegerGraph, x: Value, { factors, shift }: FixedPoint, offset: bigint): Value {
  const product = g.mul(g.cast(x, DType.Int64), g.constant(factors, [factors.length]));
  return g.div(g.add(product, (offset << shift) + (1n << (shift - 1n))), 1n << shift);
}

/** Cuts off what no byte can hold. */
export function toBytes(g: IntegerGraph, x: Value): Value {
  return g.cast(g.clip(g.cast(x, DType.Int32), 0, 255), DType.Uint8);
}
