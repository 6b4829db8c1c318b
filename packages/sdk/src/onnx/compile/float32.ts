/** Scales lie in [2^-32, 2^8): never subnormal, infinite or NaN, so that flush-to-zero modes of a processor do not matter. */
const [MIN_SCALE, MAX_SCALE] = [2 ** -32, 2 ** 8];

/** Rounds to float32, half to even: exact for sums, products and quotients of two float32. */
export const f = Math.fround;

/** Rounds to an integer, half to even. */
export function rte(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest !== 0.5) return rest < 0.5 ? down : down + 1;
  return down % 2 === 0 ? down : down + 1;
}

/** Clamps to a byte. */
export function sat(x: number): number {
  return x < 0 ? 0 : x > 255 ? 255 : x;
}

/** A float32 as a quantised byte: `sat(rte(f(x / scale)) + zero)`. */
export function quantise(x: number, scale: number, zero: number): number {
  const quotient = f(x / scale);
  return sat((Math.abs(quotient) < 2 ** 24 ? rte(quotient) : quotient) + zero);
}

/** `x · y + z` of float32 numbers with one rounding, where `x · y` has at most 53 bits. */
export function fma(x: number, y: number, z: number): number {
  const product = x * y;
  const sum = product + z;
  const zPart = sum - product;
  const error = product - (sum - zPart) + (z - zPart); // what `sum` lacks, exactly
  const near = f(sum);
  const other = near + 2 * (sum - near); // the other neighbour, if `sum` is half-way between two float32
  if (error === 0 || near === sum || f(other) !== other) return near;
  return error > 0 ? Math.max(near, other) : Math.min(near, other);
}

/** Whether a scale, or what scales are combined to, is one that the profile allows. */
export function isScale(x: number): boolean {
  return x >= MIN_SCALE && x < MAX_SCALE;
}

const view = new DataView(new ArrayBuffer(4));

/** The 32 bits of a float32. */
export function bitsOf(x: number): number {
  view.setFloat32(0, x);
  return view.getUint32(0);
}

/** The float32 that is `ulps` units in the last place above a positive one. */
export function raised(x: number, ulps: number): number {
  view.setUint32(0, bitsOf(x) + ulps);
  return view.getFloat32(0);
}
