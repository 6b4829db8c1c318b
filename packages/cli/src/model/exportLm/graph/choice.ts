import { DType } from "@opg-protocol/sdk/onnx";

import { VOCABULARY } from "../config.ts";
import { type IntegerLlama, LOGIT_LIMIT, MAX_TEMPERATURE, TABLE_ENTRIES, TEMPERATURE_UNIT } from "../IntegerLlama.ts";
import type { Value } from "./GraphWriter.ts";
import type { IntegerGraph } from "./IntegerGraph.ts";
import { normalise } from "./residual.ts";
import { accumulate, scaled } from "./scaling.ts";

/** The name under which the tensor of logits is found in a file: int32 [rows, 256], in units of 2^-16 nats. */
export const LOGITS = "logits";

/** Logits of the token behind each row of the residual stream. */
export function logitsOf(g: IntegerGraph, x: Value, { norm, head }: IntegerLlama): Value {
  const h = g.scope("norm", () => normalise(g, x, norm));
  const wide = g.scope("head", () => scaled(g, accumulate(g, h, head), head.scale));
  const logits = g.clip(g.cast(wide, DType.Int32), -LOGIT_LIMIT, LOGIT_LIMIT);
  g.rename(logits, LOGITS);
  return logits;
}

/** What a choice depends on besides the logits. */
export interface Chance {
  /** int32 [1]: whoever wants other noise takes another. */
  readonly seed: Value;
  /** int32 [1], in units of 1/256. */
  readonly temperature: Value;
  /** int64 [rows, 1]: positions times `POSITION_FACTOR`. */
  readonly positions: Value;
}

/**
 * The token chosen at each row, int64 [rows, 1]: the first maximum of logits plus noise times temperature. With noise of the
 * Gumbel distribution that draws a token with the probability that a softmax at this temperature gives it.
 */
export function choose(
  g: IntegerGraph,
  logits: Value,
  { seed, temperature, positions }: Chance,
  gumbel: Int32Array,
): Value {
  const noise = g.gather(g.constant(gumbel, [TABLE_ENTRIES]), noisePlaces(g, seed, positions));
  const heat = g.clip(temperature, 0, MAX_TEMPERATURE);
  return g.argMax(g.add(logits, g.div(g.mul(noise, heat), TEMPERATURE_UNIT)));
}

/** Odd numbers below 2^31 without a pattern: the first digits of the square roots of the first primes. */
const SEED_FACTOR = 0x5a827999;
export const POSITION_FACTOR = 0x6ed9eba1;
const TOKEN_FACTOR = 0x478dde6f;
const ROUND_FACTORS = [0x54a9fea7, 0x6a21ca4f] as const;
const MIDDLE = 2 ** 15;

/** Places in the table of noise, int64 [rows, 256], as if drawn at random: a hash of seed, position and token. */
function noisePlaces(g: IntegerGraph, seed: Value, positions: Value): Value {
  const bySeed = mixed(g, g.mul(g.cast(seed, DType.Int64), SEED_FACTOR));
  const byRow = mixed(g, g.add(bySeed, positions));
  const byToken = BigInt64Array.from({ length: VOCABULARY }, (_, token) => BigInt(token * TOKEN_FACTOR));
  const hash = mixed(g, g.add(byRow, g.constant(byToken, [VOCABULARY])));
  return g.div(g.add(hash, 2 ** 31), 2 ** 32 / TABLE_ENTRIES);
}

/**
 * Lets every bit of a number below 2^63 change all others: a product brings low bits up, the middle of the square high bits
 * down. 32 bits with a sign.
 */
function mixed(g: IntegerGraph, x: Value): Value {
  const wrapped = (wide: Value) => g.cast(g.cast(wide, DType.Int32), DType.Int64);
  let hash = wrapped(x);
  for (const factor of ROUND_FACTORS) hash = wrapped(g.add(g.mul(hash, factor), g.div(g.mul(hash, hash), MIDDLE)));
  return hash;
}
