import { UnexportableError } from "./UnexportableError.ts";

/** Multiplication by `factors[column] / 2^shift`, in integers. */
export interface FixedPoint {
  /** One for each column. Not negative. */
  readonly factors: BigInt64Array;
  readonly shift: bigint;
  /** A power of two that no result's magnitude reaches. */
  readonly bound: bigint;
}

/** Bits of the largest factor, where there is room for them. */
const FACTOR_BITS = 24;
const MAX_SHIFT = 40;
/** Magnitude of products, in bits: adding an offset of about the same stays inside of int64. */
const PRODUCT_BITS = 60;
/** Results are converted to int32, which wraps. */
const RESULT_BITS = 31;

/**
 * Ratios as integers over one power of two.
 * @param subject what is multiplied, for errors.
 * @param reach for each ratio, a magnitude that what it multiplies never exceeds.
 * @param known a magnitude of which a compiler knows that nothing multiplied exceeds it.
 * @throws UnexportableError if results could leave 32 bits.
 * @custom:rounds to nearest.
 */
export function fixedPoint(
  subject: string,
  ratios: readonly number[],
  reach: readonly number[],
  known: number,
): FixedPoint {
  const largest = maximum(ratios);
  const resultBits = bitsOf(maximum(ratios.map((ratio, i) => ratio * (reach[i] ?? 0))) + 1);
  if (resultBits > RESULT_BITS)
    throw new UnexportableError(
      subject,
      `can take ${resultBits} bits, as what it was in calibration is next to nothing`,
    );
  const bits = Math.min(FACTOR_BITS, PRODUCT_BITS - bitsOf(known));
  const shift = Math.max(1, Math.min(MAX_SHIFT, bits - bitsOf(largest)));
  const factors = BigInt64Array.from(ratios, (ratio) => BigInt(Math.round(ratio * 2 ** shift)));
  return { factors, shift: BigInt(shift), bound: 1n << BigInt(resultBits) };
}

export const maximum = (values: Iterable<number>): number => {
  let most = 0;
  for (const value of values) most = Math.max(most, value);
  return most;
};

/** The exponent of the least power of two that is above a magnitude. */
export const bitsOf = (magnitude: number): number => (magnitude === 0 ? 0 : Math.floor(Math.log2(magnitude)) + 1);
