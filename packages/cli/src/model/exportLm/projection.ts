import { BYTE_LEVELS } from "./calibrate.ts";
import { fixedPoint } from "./fixedPoint.ts";
import { type Projection, ZERO_POINT } from "./IntegerLlama.ts";
import type { Matrix } from "./Llama.ts";

/** Step of bytes that hold magnitudes up to a threshold; what was always zero may have any. */
export const stepOf = (threshold: number): number => (threshold === 0 ? 1 : threshold / BYTE_LEVELS);

/** A magnitude that a product of two bytes, less their zero points, never exceeds, whatever these are. */
const MAX_PRODUCT = 2 ** 16;

/** Where a matrix stands: in what steps it is read, and in which unit its results are wanted. */
export interface Place {
  /** For errors. */
  readonly subject: string;
  /** The gain of the norm before, which is folded into the matrix; ones if undefined. */
  readonly gain?: Float32Array;
  /** Step of the bytes that it multiplies. */
  readonly from: number;
  /** Unit of the results. */
  readonly to: number;
  /** The largest integer that accumulators are multiplied by besides. */
  readonly besides?: number;
}

/**
 * A matrix as bytes with a step for each column, so that a column's largest weight is 127 away from the zero point.
 * @throws UnexportableError if results could leave 32 bits.
 */
export function project(
  { inputs, outputs, values }: Matrix,
  { subject, gain, from, to, besides = 1 }: Place,
): Projection {
  const weights = new Uint8Array(inputs * outputs);
  const ratios: number[] = [];
  const reach: number[] = [];
  for (let o = 0; o < outputs; o++) {
    const column = values.subarray(o * inputs, (o + 1) * inputs).map((weight, i) => weight * (gain?.[i] ?? 1));
    const step = stepOf(column.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0));
    let magnitude = 0;
    column.forEach((weight, i) => {
      const level = Math.round(weight / step);
      magnitude += Math.abs(level);
      weights[i * outputs + o] = level + ZERO_POINT;
    });
    ratios.push(magnitude === 0 ? 0 : (step * from) / to);
    reach.push(magnitude * ZERO_POINT * besides);
  }
  const scale = fixedPoint(subject, ratios, reach, inputs * MAX_PRODUCT * besides);
  return { inputs, outputs, weights, scale };
}
