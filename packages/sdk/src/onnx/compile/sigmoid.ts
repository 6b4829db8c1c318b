/**
 * The logistic function in fixed point, so that every machine finds the same bytes: `Math.exp` may differ between
 * JavaScript engines.
 */
const BITS = 128n;
const ONE = 1n << BITS;
/** Squarings after the series: its argument is at most 128 / 2^10. */
const HALVINGS = 10n;
const TERMS = 20;
/** e^-128 is below 2^-184. */
const FAR = 128;
/** The part of a unit that a value must keep from a rounding boundary: the runtime's exponential is approximate. */
const MARGIN_BITS = 14n;

/** A number from 0 to 2^16 in fixed point. Exact: it is a scale, or a product of one, so that its last bit is 2^-55 or more. */
function fixed(x: number): bigint {
  return BigInt(Math.round(x * 2 ** 64)) << (BITS - 64n);
}

/** e^-x for x >= 0. */
function expOfMinus(x: number): bigint {
  if (x >= FAR) return 0n;
  const argument = fixed(x) >> HALVINGS;
  let [term, sum] = [ONE, ONE];
  for (let i = 1; i <= TERMS; i++) {
    term = -((term * argument) >> BITS) / BigInt(i);
    sum += term;
  }
  for (let i = 0n; i < HALVINGS; i++) sum = (sum * sum) >> BITS;
  return sum;
}

/**
 * The byte of `1 / (1 + e^-x)`, quantised.
 * @param x a float32.
 * @returns nothing if the value is closer than 2^-14 to where the byte changes.
 */
export function sigmoidByte(x: number, scale: number, zero: number): number | undefined {
  const small = expOfMinus(Math.abs(x));
  const value = ((x < 0 ? small : ONE) << BITS) / (ONE + small);
  const units = (value << BITS) / fixed(scale); // of the scale
  const place = units + (BigInt(zero) << BITS) + (ONE >> 1n); // its whole part is the byte
  const byte = place >> BITS;
  const margin = ONE >> MARGIN_BITS;
  const [below, above] = [place - (byte << BITS), ((byte + 1n) << BITS) - place];
  const unsure = (below < margin && byte >= 1n && byte <= 255n) || (above < margin && byte <= 254n);
  if (unsure) return undefined;
  return byte > 255n ? 255 : Number(byte);
}
