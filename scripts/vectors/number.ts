import { numberOf, type VectorFile } from "./samples.ts";

const UNIT = 10n ** 18n;
/** What 256 bits hold, and a float32. */
const WAD_END = 2n ** 255n;
const FLOAT32_INFINITY = 0x7f800000;
const RANDOM_CASES = 12;

/** An ONNX type whose elements are numbers, and how JavaScript reads one from its bits. */
interface NumberType {
  readonly name: string;
  readonly dtype: number;
  readonly bits: number;
  readonly read: (bits: bigint) => number | bigint;
}

const TYPES: readonly NumberType[] = [
  { name: "uint8", dtype: 2, bits: 8, read: (bits) => bits },
  { name: "int8", dtype: 3, bits: 8, read: (bits) => BigInt.asIntN(8, bits) },
  { name: "uint16", dtype: 4, bits: 16, read: (bits) => bits },
  { name: "int16", dtype: 5, bits: 16, read: (bits) => BigInt.asIntN(16, bits) },
  { name: "int32", dtype: 6, bits: 32, read: (bits) => BigInt.asIntN(32, bits) },
  { name: "int64", dtype: 7, bits: 64, read: (bits) => BigInt.asIntN(64, bits) },
  { name: "bool", dtype: 9, bits: 1, read: (bits) => bits },
  { name: "uint32", dtype: 12, bits: 32, read: (bits) => bits },
  { name: "uint64", dtype: 13, bits: 64, read: (bits) => bits },
  { name: "float32", dtype: 1, bits: 32, read: float32 },
  { name: "float16", dtype: 10, bits: 16, read: float16 },
  { name: "double", dtype: 11, bits: 64, read: double },
  { name: "bfloat16", dtype: 16, bits: 16, read: (bits) => float32(bits << 16n) },
];

/** Zeros of both signs, the least and largest subnormal and normal numbers, one, infinities, and what is no number. */
const EDGES: Readonly<Record<string, readonly bigint[]>> = {
  float32: [0x80000000n, 1n, 0x7fffffn, 0x800000n, 0x3f800000n, 0xbf800000n, 0x7f7fffffn, 0x7f800000n, 0x7fc00000n],
  float16: [0x8000n, 1n, 0x3ffn, 0x400n, 0x3c00n, 0xbc00n, 0x7bffn, 0x7c00n, 0xfc00n, 0x7e00n],
  double: [1n << 63n, 1n, 0x3ff0000000000000n, 0xbff0000000000000n, 0x7fefffffffffffffn, 0x7ff0000000000000n],
  bfloat16: [0x8000n, 1n, 0x7fn, 0x80n, 0x3f80n, 0xbf80n, 0x7f7fn, 0x7f80n, 0x7fc0n],
};
/** 2^195 and 2^196 with 18 decimals stand on both sides of 2^255. */
const DOUBLES_AROUND_THE_END = [0x4c20000000000000n, 0x4c30000000000000n, 0xcc20000000000000n];

function float32(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, Number(bits));
  return view.getFloat32(0);
}

function double(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

function float16(bits: bigint): number {
  const fraction = Number(bits & 0x3ffn);
  const exponent = Number((bits >> 10n) & 0x1fn);
  const sign = bits >> 15n === 1n ? -1 : 1;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** A finite number as a fraction whose denominator is a power of two. */
function exactly(value: number | bigint): { readonly numerator: bigint; readonly denominator: bigint } {
  if (typeof value === "bigint") return { numerator: value, denominator: 1n };
  let [whole, denominator] = [value, 1n];
  while (!Number.isInteger(whole)) [whole, denominator] = [whole * 2, denominator * 2n];
  return { numerator: BigInt(whole), denominator };
}

/** Bits of the float32 that is nearest to a fixed-point number; of two, the even one. */
function nearestFloat32(wad: bigint): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, Math.abs(Number(wad)) / 1e18);
  const guess = view.getUint32(0);
  const distance = (bits: number) => {
    const { numerator, denominator } = exactly(float32(BigInt(bits)));
    const difference = numerator * UNIT - (wad < 0n ? -wad : wad) * denominator;
    return { over: difference < 0n ? -difference : difference, denominator };
  };
  const best = [guess - 1, guess, guess + 1]
    .filter((bits) => bits >= 0 && bits < FLOAT32_INFINITY)
    .reduce((a, b) => {
      const [x, y] = [distance(a), distance(b)];
      const order = x.over * y.denominator - y.over * x.denominator;
      if (order === 0n) return a % 2 === 0 ? a : b;
      return order < 0n ? a : b;
    });
  return wad < 0n ? best + 2 ** 31 : best;
}

function describe({ name, dtype, read }: NumberType, bits: bigint) {
  const value = read(bits);
  const label = `${name} 0x${bits.toString(16)}`;
  if (typeof value === "number" && !Number.isFinite(value)) return unreadable(label, dtype, bits);
  const { numerator, denominator } = exactly(value);
  const wad = (numerator * UNIT) / denominator;
  if (wad >= WAD_END || wad <= -WAD_END) return unreadable(label, dtype, bits);
  // Beyond the largest float32 there is none; the reader then expects a refusal.
  const fits = Math.fround(Number(wad) / 1e18) !== Infinity && Math.fround(Number(wad) / 1e18) !== -Infinity;
  return { name: label, dtype, bits, readable: true, wad, float32: fits ? nearestFloat32(wad) : FLOAT32_INFINITY };
}

const unreadable = (name: string, dtype: number, bits: bigint) => ({
  name,
  dtype,
  bits,
  readable: false,
  wad: 0n,
  float32: 0,
});

export const numberVectors: VectorFile = {
  about:
    "Elements of tensors by their ONNX type and bits: whether a contract can read them, what they are with 18 decimals, " +
    "rounded towards zero, and the bits of the float32 that is nearest to that (0x7f800000: there is none).",
  cases: TYPES.flatMap((type) => {
    const all = (1n << BigInt(type.bits)) - 1n;
    const random = Array.from({ length: RANDOM_CASES }, (_, i) => numberOf(`number/${type.name}/${i}`, type.bits));
    const ends = type.name === "double" ? DOUBLES_AROUND_THE_END : [];
    const bits = new Set([0n, all, ...(EDGES[type.name] ?? []), ...ends, ...random]);
    return [...bits].map((single) => describe(type, single));
  }),
};
