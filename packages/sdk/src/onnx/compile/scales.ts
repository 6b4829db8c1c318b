import { bitsOf, floatOf } from "../arithmetic.ts";

/** Scales lie in [2^-32, 2^8): never subnormal, infinite or NaN, so that flush-to-zero modes of a processor do not matter. */
const [MIN_SCALE, MAX_SCALE] = [2 ** -32, 2 ** 8];

/** Rounds to float32, half to even: exact for sums, products and quotients of two float32. */
export const f = Math.fround;

/** Whether a scale, or what scales are combined to, is one that the profile allows. */
export function isScale(x: number): boolean {
  return x >= MIN_SCALE && x < MAX_SCALE;
}

/** The float32 that is `ulps` units in the last place above a positive one. */
export function raised(x: number, ulps: number): number {
  return floatOf(bitsOf(x) + ulps);
}
