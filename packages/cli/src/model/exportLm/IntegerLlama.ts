import type { LlamaConfig } from "./config.ts";
import type { FixedPoint } from "./fixedPoint.ts";

/** Bytes stand for what is this much less: activations and weights alike. */
export const ZERO_POINT = 128;
/** The residual stream is cut off at plus and minus this. */
export const RESIDUAL_LIMIT = 2 ** 18;
/** Queries and keys have 16 bits before they are rotated, so that the rotation rounds finer than a byte. */
export const ROTATED_LIMIT = 2 ** 15;
/** Steps of queries and keys before rotation for one step of their bytes. */
export const ROTATION_FINENESS = 128;
/** Cosines and sines are in units of 2^-14. */
export const ANGLE_BITS = 14;
/** Entries of each table: exponentials, SiLU, noise. */
export const TABLE_ENTRIES = 1024;
/** Logits are in units of 2^-16 nats. */
export const LOGIT_BITS = 16;
/** No logit comes near: 4,096 nats. */
export const LOGIT_LIMIT = 2 ** 28;
/** Temperatures are in units of 1/256. */
export const TEMPERATURE_UNIT = 256;
export const MAX_TEMPERATURE = 1024;
/** Bits of the fraction by which attention's mean of values is scaled. */
export const MEAN_BITS = 15n;

/** A matrix of bytes, and what its accumulators are multiplied by. */
export interface Projection {
  readonly inputs: number;
  readonly outputs: number;
  /** inputs x outputs, with the zero point 128. */
  readonly weights: Uint8Array;
  /** From accumulators to units of the result. */
  readonly scale: FixedPoint;
}

/** From the residual stream to bytes: `x * factor / (2 * root((sum of squares + epsilon) * 2^shift))`. */
export interface IntegerNorm {
  readonly epsilon: bigint;
  readonly shift: bigint;
  readonly factor: bigint;
}

export interface IntegerAttention {
  readonly norm: IntegerNorm;
  readonly query: Projection;
  readonly key: Projection;
  readonly value: Projection;
  /** From a distance between scores to a place in the table of exponentials. */
  readonly exponent: { readonly factor: number; readonly shift: number };
  /** Steps of the mean's bytes for one step of the values' bytes, in units of 2^-15. */
  readonly mean: bigint;
  readonly output: Projection;
}

export interface IntegerFeedForward {
  readonly norm: IntegerNorm;
  readonly gate: Projection;
  readonly silu: Int32Array;
  /** Its accumulators are multiplied by an entry of `silu` and then scaled. */
  readonly up: Projection;
  readonly down: Projection;
}

/** A Llama in integers: every constant of both of its graphs. */
export interface IntegerLlama {
  readonly config: LlamaConfig;
  /** A row of `width` for each token, in units of the residual stream. */
  readonly embedding: Int32Array;
  readonly layers: readonly { readonly attention: IntegerAttention; readonly feedForward: IntegerFeedForward }[];
  readonly norm: IntegerNorm;
  readonly head: Projection;
  /** context x headWidth. The sine of a head's first half is negated, as it meets the second. */
  readonly cosine: Int32Array;
  readonly sine: Int32Array;
  /** Bytes from 255 down; the last is 0. */
  readonly exponentials: Uint8Array;
  /** Quantiles of the Gumbel distribution, in units of logits. */
  readonly gumbel: Int32Array;
}
