import { DType } from "@opg-protocol/sdk/onnx";

import {
  ANGLE_BITS,
  type IntegerAttention,
  type IntegerLlama,
  MEAN_BITS,
  type Projection,
  ROTATED_LIMIT,
  ROTATION_FINENESS,
  TABLE_ENTRIES,
  ZERO_POINT,
} from "../IntegerLlama.ts";
import type { Value } from "./GraphWriter.ts";
import type { IntegerGraph } from "./IntegerGraph.ts";
import { addTo, normalise } from "./residual.ts";
import { accumulate, scaled, scaledToBytes, toBytes } from "./scaling.ts";

/** Where the rows of a graph stand in the window. */
export interface Positions {
  readonly rows: number;
  /** [1, rows, headWidth]; see `IntegerLlama`. */
  readonly cosine: Value;
  readonly sine: Value;
  /** [1, heads per key head * rows, rows]: whether a row may look at another; undefined where all may. */
  readonly mask: Value | undefined;
}

/** Keys and values of bytes, each [keyHeads, positions, headWidth]. */
export interface Memory {
  readonly keys: Value;
  readonly values: Value;
}

/** Puts keys and values of these rows behind those of earlier ones. */
export type Remember = (now: Memory) => Memory;

/** One attention block of the residual stream. */
export function attend(
  g: IntegerGraph,
  x: Value,
  attention: IntegerAttention,
  { config, exponentials }: IntegerLlama,
  positions: Positions,
  remember: Remember,
): Value {
  const { heads, keyHeads, headWidth } = config;
  const { rows } = positions;
  const h = g.scope("norm", () => normalise(g, x, attention.norm));
  const rotated = (name: string, projection: Projection, count: number) =>
    g.scope(name, () => {
      const numbers = g.cast(scaled(g, accumulate(g, h, projection), projection.scale), DType.Int32);
      const limited = g.clip(numbers, -ROTATED_LIMIT, ROTATED_LIMIT);
      return rotate(g, splitHeads(g, limited, rows, count, headWidth), count, headWidth, positions);
    });
  const query = rotated("query", attention.query, heads);
  const { keys, values } = remember({
    keys: rotated("key", attention.key, keyHeads),
    values: g.scope("value", () => {
      const bytes = scaledToBytes(g, accumulate(g, h, attention.value), attention.value.scale);
      return splitHeads(g, bytes, rows, keyHeads, headWidth);
    }),
  });
  const mixed = g.scope("mix", () => {
    // All heads that share a key head look at it as if they were more rows.
    const queries = heads === keyHeads ? query : g.reshape(query, [keyHeads, (heads / keyHeads) * rows, headWidth]);
    const places = placesOf(g, queries, keys, attention, positions.mask);
    const weights = g.gather(g.constant(exponentials, [TABLE_ENTRIES]), places);
    const means = mean(g, weights, values, attention);
    const split = heads === keyHeads ? means : g.reshape(means, [heads, rows, headWidth]);
    return g.reshape(g.swapAxes(split, 0, 3), [rows, heads * headWidth]);
  });
  return g.scope("output", () => addTo(g, x, mixed, attention.output));
}

/** [rows, heads * width] as [heads, rows, width]. */
function splitHeads(g: IntegerGraph, x: Value, rows: number, heads: number, width: number): Value {
  return g.swapAxes(g.reshape(x, [rows, heads, width]), 0, 3);
}

/** Turns each head by its position and makes it bytes. The halves of a head trade places beside the sine. */
function rotate(g: IntegerGraph, x: Value, heads: number, width: number, { rows, cosine, sine }: Positions): Value {
  const halves = g.reversed(g.reshape(x, [heads, rows, 2, width / 2]), 2);
  const traded = g.reshape(halves, [heads, rows, width]);
  const turned = g.add(g.mul(x, cosine), g.mul(traded, sine));
  const step = ROTATION_FINENESS * 2 ** ANGLE_BITS;
  return toBytes(g, g.div(g.add(turned, ZERO_POINT * step + step / 2), step));
}

/** A score that no other falls below: its weight is 0, so what stands at that position is of no account. */
const MASKED = -(2 ** 30);

/** How far each score is below the highest of its row, as places in the table of exponentials. */
function placesOf(
  g: IntegerGraph,
  queries: Value,
  keys: Value,
  { exponent: { factor, shift } }: IntegerAttention,
  mask: Value | undefined,
): Value {
  const all = g.matMul(queries, g.swapAxes(keys, 1, 3), ZERO_POINT, ZERO_POINT);
  const scores = mask === undefined ? all : g.where(mask, all, MASKED);
  const distance = g.sub(g.pick(scores, g.argMax(scores)), scores);
  const last = TABLE_ENTRIES - 1;
  const near = g.clip(distance, 0, Math.ceil((last * 2 ** shift) / factor)); // so that the product stays below 2^31
  const place = g.div(g.add(g.mul(near, factor), Math.floor(2 ** shift / 2)), 2 ** shift);
  return g.clip(place, 0, last);
}

/** More than the weights of any window add up to. */
const MAX_TOTAL = 2 ** 30;

/** The means of values by these weights. Weights are not brought to a sum of 1 before: that would round them once more. */
function mean(g: IntegerGraph, weights: Value, values: Value, { mean: factor }: IntegerAttention): Value {
  const sums = g.cast(g.matMul(weights, values, 0, ZERO_POINT), DType.Int64);
  const total = g.cast(g.clip(g.sum(g.cast(weights, DType.Int32)), 1, MAX_TOTAL), DType.Int64);
  const unit = 1n << MEAN_BITS;
  const centre = BigInt(ZERO_POINT) * unit + unit / 2n;
  return toBytes(g, g.div(g.add(g.mul(sums, factor), g.mul(total, centre)), g.mul(total, unit)));
}
