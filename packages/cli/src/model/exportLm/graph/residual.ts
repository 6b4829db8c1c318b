import { DType } from "@opg-protocol/sdk/onnx";

import { type IntegerNorm, type Projection, RESIDUAL_LIMIT } from "../IntegerLlama.ts";
import type { Value } from "./GraphWriter.ts";
import type { IntegerGraph } from "./IntegerGraph.ts";
import { accumulate, scaled, toBytes } from "./scaling.ts";

/** Adds to the residual stream what a matrix makes of bytes. */
export function addTo(g: IntegerGraph, x: Value, bytes: Value, projection: Projection): Value {
  const sum = g.add(scaled(g, accumulate(g, bytes, projection), projection.scale), g.cast(x, DType.Int64));
  return g.clip(g.cast(sum, DType.Int32), -RESIDUAL_LIMIT, RESIDUAL_LIMIT);
}

/** Twice the zero point of bytes, and one more for rounding to nearest. */
const TWICE_CENTRE = 257;
const MAX_ROOT = 2 ** 30;

/** Divides each row by the root of its mean square, which gives bytes. */
export function normalise(g: IntegerGraph, x: Value, { epsilon, shift, factor }: IntegerNorm): Value {
  const wide = g.cast(x, DType.Int64);
  const squares = g.mul(g.add(g.sum(g.mul(wide, wide)), epsilon), 1n << shift);
  const root = g.cast(g.clip(g.cast(rootOf(g, squares), DType.Int32), 1, MAX_ROOT), DType.Int64);
  // Converted again, so that a step of squares and a step of quotients read 32 bits, and there is none of conversions.
  const doubled = g.add(g.mul(g.cast(x, DType.Int64), factor), g.mul(root, TWICE_CENTRE));
  return toBytes(g, g.div(doubled, g.mul(root, 2)));
}

/** Powers of two from which on the first guess is another, for numbers up to 2^8 times as large. */
const LADDER = [20, 28, 36, 44, 52] as const;
/** The guess below the first of them. */
const LOWEST_GUESS = 2 ** 8;
const ROUNDS = 6;

/**
 * The square root of numbers from 1 to 2^60 by Newton's rounds. From 2^12 on the first guess is at most 4 times too small or
 * too large, which six rounds bring below one unit. No guess is ever below 1, whatever the number.
 */
function rootOf(g: IntegerGraph, square: Value): Value {
  let guess = g.scalar(LOWEST_GUESS, DType.Int64);
  for (const bits of LADDER) {
    const middle = g.scalar(2 ** ((bits + 4) / 2), DType.Int64);
    guess = g.where(g.greaterOrEqual(square, 2 ** bits), middle, guess);
  }
  for (let round = 0; round < ROUNDS; round++) guess = g.div(g.add(g.add(guess, g.div(square, guess)), 1), 2);
  return guess;
}
