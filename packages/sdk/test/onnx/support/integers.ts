/** The arithmetic of the profile in integers alone, word for word as a contract does it: what the fast one is held to. */

/** A float32 other than zero: `sign · m · 2^e`, 2^23 <= m < 2^24. */
interface Float {
  readonly sign: bigint;
  readonly m: bigint;
  readonly e: number;
}

const scratch = new DataView(new ArrayBuffer(4));

function split(float: number): Float {
  scratch.setFloat32(0, float);
  const bits = scratch.getUint32(0);
  return { sign: float < 0 ? -1n : 1n, m: BigInt((bits & 0x7fffff) | 0x800000), e: ((bits >>> 23) & 0xff) - 150 };
}

const join = ({ sign, m, e }: Float): number => Number(sign * m) * 2 ** e;

/** x / 2^k, half to even. */
function rshift(x: bigint, k: number): bigint {
  if (k <= 0) return x << BigInt(-k);
  const q = x >> BigInt(k);
  const rest = x - (q << BigInt(k));
  const half = 1n << BigInt(k - 1);
  return rest > half || (rest === half && (q & 1n) === 1n) ? q + 1n : q;
}

const bitLength = (x: bigint): number => x.toString(2).length;

/** Rounds to 24 bits. */
function r24(m: bigint, e: number): { readonly m: bigint; readonly e: number } {
  const surplus = Math.max(bitLength(m) - 24, 0);
  return { m: rshift(m, surplus), e: e + surplus };
}

function sat(x: bigint): number {
  return x < 0n ? 0 : x > 255n ? 255 : Number(x);
}

function toByte({ sign, m, e }: Float, zero: number): number {
  const q = e > 16 ? 1n << 40n : -e > 60 ? 0n : rshift(m, -e);
  return sat(BigInt(zero) + sign * q);
}

export function requant(acc: number, scale: number, zero: number): number {
  if (acc === 0) return zero;
  const s = split(scale);
  const a = r24(BigInt(Math.abs(acc)), 0);
  return toByte({ sign: acc < 0 ? -1n : 1n, ...r24(a.m * s.m, a.e + s.e) }, zero);
}

/** `a` is a byte, `r` a scale, `t` a float32. */
export function fma(a: number, r: number, t: number): number {
  const ratio = split(r);
  const term = t === 0 ? { sign: 1n, m: 0n, e: ratio.e } : split(t);
  const e = Math.min(ratio.e, term.e);
  const sum = ((BigInt(a) * ratio.m) << BigInt(ratio.e - e)) + ((term.sign * term.m) << BigInt(term.e - e));
  if (sum === 0n) return 0;
  const sign = sum < 0n ? -1n : 1n;
  return join({ sign, ...r24(sum * sign, e) });
}

/** x / s with 24 bits, of numbers other than zero. */
function quotient(x: number, s: number): Float {
  const [a, b] = [split(x), split(s)];
  const dividend = a.m << 60n;
  const q = dividend / b.m;
  const sticky = q * b.m === dividend ? q : q | 1n;
  return { sign: a.sign, ...r24(sticky, a.e - b.e - 60) };
}

export const divide = (x: number, s: number): number => (x === 0 ? 0 : join(quotient(x, s)));

export const quantise = (x: number, scale: number, zero: number): number =>
  x === 0 ? zero : toByte(quotient(x, scale), zero);
