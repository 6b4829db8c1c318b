/**
 * float32 in terms of JavaScript's doubles. Everything here gives what the profile says (`docs`: section 5 of the profile), bit for
 * bit; why doubles are enough stands with each function. Scales are normal float32 in [2^-32, 2^8), so that nothing underflows.
 */

const scratch = new DataView(new ArrayBuffer(8));

/** The float32 that has these bits. */
export function floatOf(bits: number | bigint): number {
  scratch.setUint32(0, Number(bits));
  return scratch.getFloat32(0);
}

/** The bits of a float32. */
export function bitsOf(float: number): number {
  scratch.setFloat32(0, float);
  return scratch.getUint32(0);
}

/** 1.5 * 2^52: the doubles around it are 1 apart, so that adding it rounds to integers. */
const INTEGERS = 6_755_399_441_055_744;

/** To the next integer, half to even. Exact below 2^51; above, and for infinities, at least as far from zero as 2^50. */
export function rte(value: number): number {
  return value + INTEGERS - INTEGERS;
}

/** Clamps to a byte. */
export function sat(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/**
 * `sat(rte(f(f(acc)·scale)) + zero)`: how an accumulator becomes a byte. The product of two significands of 24 bits has 48, so
 * the double holds it exactly and `Math.fround` rounds once.
 */
export function requant(acc: number, scale: number, zero: number): number {
  return sat(rte(Math.fround(Math.fround(acc) * scale)) + zero);
}

/**
 * `f(a·b + c)` of float32s, rounded once. The product is exact as a double, but the sum may need more than 53 bits. So it is
 * rounded to odd: of the two doubles around an inexact sum the one whose last bit is 1. No such double lies half-way between two
 * float32s, or on one, so the second rounding goes where that of the sum itself would.
 */
export function fma(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const shift = sum - product;
  const error = product - (sum - shift) + (c - shift); // what the addition lost, exactly (Knuth's TwoSum)
  return Math.fround(error === 0 ? sum : oddOf(sum, error));
}

/** The neighbour of `sum` towards `error`, unless the last bit of `sum` is 1 already. */
function oddOf(sum: number, error: number): number {
  scratch.setFloat64(0, sum);
  const bits = scratch.getBigInt64(0);
  if ((bits & 1n) === 1n) return sum;
  scratch.setBigInt64(0, bits + (error > 0 === sum > 0 ? 1n : -1n));
  return scratch.getFloat64(0);
}

/**
 * `f(a / b)` of float32s. Rounding a quotient to 53 bits and then to 24 is rounding it once, since 53 >= 2·24 + 2 (S. Figueroa,
 * "When is double rounding innocuous?", 1995).
 */
export function divide(a: number, b: number): number {
  return Math.fround(a / b);
}

/** `sat(rte(f(value/scale)) + zero)`; infinities saturate. */
export function quantise(value: number, scale: number, zero: number): number {
  return sat(rte(divide(value, scale)) + zero);
}

/** `f((byte − zero)·scale)`; zero is +0. */
export function dequantise(byte: number, scale: number, zero: number): number {
  return Math.fround((byte - zero) * scale);
}
