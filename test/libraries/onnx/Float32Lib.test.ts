import { expect } from "chai";
import { getBytes, toBigInt } from "ethers";

import { Random } from "../../model/Random.ts";
import { ethers, hasProbes } from "../../support/network.ts";

/** Cases of each kind. Set FLOAT_CASES to 100000 or more when arithmetic is changed. With probes they take ten times as long. */
const COUNT = Number(process.env["FLOAT_CASES"] ?? (hasProbes ? 1_000 : 10_000));
const CHUNK = 4_000;
const f = Math.fround;

const view = new DataView(new ArrayBuffer(4));
const bitsOf = (value: number): number => (view.setFloat32(0, value), view.getUint32(0));
const floatOf = (bits: number): number => (view.setUint32(0, bits), view.getFloat32(0));

/** The nearest integer, half to even, found without any trick of floating point. */
function nearest(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

const saturated = (value: number): number => Math.min(255, Math.max(0, value));
const requant = (acc: number, scale: number, zero: number) => saturated(nearest(f(f(acc) * scale)) + zero);
const quantise = (x: number, scale: number, zero: number) => saturated(nearest(f(x / scale)) + zero);

/** A float32 as an integer in units of 2^-110. */
const units = (value: number): bigint => {
  const exponent = Math.floor(Math.log2(Math.abs(value) || 1)) - 24;
  return BigInt(value * 2 ** -exponent) << BigInt(110 + exponent);
};

/** Rounds a number of units to a float32. Searches among candidates, so that it has nothing in common with the library. */
function toFloat(exact: bigint): number {
  if (exact === 0n) return 0;
  const guess = f(Number(exact) * 2 ** -110);
  const candidates = [-1, 0, 1].map((step) => floatOf(bitsOf(guess) + step));
  const distance = (value: number) => (units(value) > exact ? units(value) - exact : exact - units(value));
  return candidates.reduce((best, next) => {
    const [d, e] = [distance(next), distance(best)];
    return d < e || (d === e && bitsOf(next) % 2 === 0) ? next : best;
  });
}

const fma = (a: number, r: number, t: number): number => toFloat(BigInt(a) * units(r) + units(t));
const add = (a: number, ra: number, b: number, rb: number, t: number) => saturated(nearest(fma(a, ra, fma(b, rb, t))));

describe("Float32Lib", () => {
  const random = new Random(73);
  const anyScale = (): number => floatOf((95 + random.int(40)) * 2 ** 23 + random.int(2 ** 23));
  const byte = (): number => random.int(256);
  const pack = (...fields: readonly (readonly [value: number, bits: number])[]): bigint =>
    fields.reduceRight((word, [value, width]) => (word << BigInt(width)) | BigInt.asUintN(width, BigInt(value)), 0n);

  async function judge(name: string, cases: readonly bigint[], expected: readonly number[]): Promise<void> {
    const harness = await ethers.deployContract("Float32Harness");
    for (let from = 0; from < cases.length; from += CHUNK) {
      const made = getBytes((await harness.getFunction(name)(cases.slice(from, from + CHUNK))) as string);
      const size = name === "dequantise" ? 4 : 1;
      for (let i = 0; i < made.length / size; i += 1) {
        const value = Number(toBigInt(made.subarray(size * i, size * (i + 1))));
        if (value !== expected[from + i])
          expect.fail(`${name}(0x${cases[from + i]?.toString(16)}) is ${value}, not ${expected[from + i]}`);
      }
    }
  }

  type Case = readonly [number, number, number];
  const word = ([a, b, zero]: Case): bigint => pack([a, 32], [b, 32], [zero, 8]);

  it("requantises random accumulators and scales [T073]", async () => {
    const cases = Array.from({ length: COUNT }, (): Case => {
      const acc = (random.int(2 ** 31) >> random.int(31)) * (random.chance(0.5) ? 1 : -1);
      // Half of the scales bring the product into the range of bytes.
      const fitting = f((random.int(2 ** 20) / 2 ** 20) * (300 / Math.max(1, Math.abs(acc))));
      const scale = fitting >= 2 ** -32 && fitting < 256 && random.chance(0.5) ? fitting : anyScale();
      return [acc, bitsOf(scale), byte()];
    });
    await judge(
      "requant",
      cases.map(word),
      cases.map(([acc, s, z]) => requant(acc, floatOf(s), z)),
    );
  });

  it("requantises ties, and accumulators half-way between two floats [T073]", async () => {
    const cases = Array.from({ length: COUNT }, (_, i): Case => {
      if (i % 2 === 0) {
        const k = 1 + random.int(12);
        const odd = (2 * random.int(256) + 1) * 2 ** (k - 1); // times 2^-k, half of an odd number
        return [random.chance(0.5) ? odd : -odd, bitsOf(2 ** -k), byte()];
      }
      // The product lies beside half of an odd number, where a bit of the accumulator decides.
      const spare = 1 + random.int(7);
      const acc = (2 ** 23 + random.int(2 ** 23)) * 2 ** spare + 2 ** (spare - 1);
      return [random.chance(0.5) ? acc : -acc, bitsOf(f((random.int(255) + 0.5) / acc)), byte()];
    });
    await judge(
      "requant",
      cases.map(word),
      cases.map(([acc, s, z]) => requant(acc, floatOf(s), z)),
    );
  });

  it("quantises random floats, ties, infinities and what is not normal [T074]", async () => {
    const special = [
      0,
      2 ** 31,
      0x7f80_0000,
      0xff80_0000,
      1,
      0x7f_ffff,
      0x8000_0001,
      0x7f7f_ffff,
      0xff7f_ffff,
      0x80_0000,
    ];
    const cases = Array.from({ length: COUNT }, (_, i): Case => {
      const scale = anyScale();
      if (i < 1_000) return [special[i % special.length] ?? 0, bitsOf(scale), byte()];
      if (i % 3 === 0) return [bitsOf(f((random.int(600) - 300 + 0.5) * scale)), bitsOf(scale), byte()];
      if (i % 3 === 1) return [bitsOf(f((random.int(2 ** 24) / 2 ** 15 - 256) * scale)), bitsOf(scale), byte()];
      const exponent = random.int(255) * 2 ** 23;
      return [exponent + random.int(2 ** 23) + (random.chance(0.5) ? 2 ** 31 : 0), bitsOf(scale), byte()];
    });
    await judge(
      "quantise",
      cases.map(word),
      cases.map(([x, s, z]) => quantise(floatOf(x), floatOf(s), z)),
    );
  });

  it("dequantises every byte by random scales and zero points", async () => {
    const cases = Array.from({ length: COUNT }, (_, i): Case => [i % 256, bitsOf(anyScale()), byte()]);
    const expected = cases.map(([q, s, z]) => (q === z ? 0 : bitsOf(f((q - z) * floatOf(s)))));
    await judge("dequantise", cases.map(word), expected);
  });

  it("adds bytes with one rounding for each product and sum [T073]", async () => {
    const cases = Array.from({ length: COUNT }, () => {
      const near = random.chance(0.7);
      const ratio = () => (near ? f(random.int(2 ** 24) / 2 ** 24 + 2 ** -10) : anyScale());
      const [ra, rb, za, zb, zc] = [ratio(), ratio(), byte(), byte(), byte()];
      return { a: byte(), b: byte(), ra, rb, t: f(zc - fma(za, ra, f(rb * zb))) };
    });
    const packed = cases.map(({ a, b, ra, rb, t }) =>
      pack([bitsOf(ra), 32], [bitsOf(rb), 32], [a, 8], [b, 8], [bitsOf(t), 32]),
    );
    await judge(
      "add",
      packed,
      cases.map(({ a, b, ra, rb, t }) => add(a, ra, b, rb, t)),
    );
  });

  it("adds where the sum is a tie, cancels or is much smaller than its parts [T073]", async () => {
    const cases = Array.from({ length: COUNT }, (_, i) => {
      const [a, b] = [byte(), byte()];
      const ra = f((1 + random.int(2 ** 12)) * 2 ** -random.int(12));
      const rb = i % 2 === 0 ? ra : f((1 + random.int(255)) * 2 ** -9);
      const t = f(random.int(512) / 2 - fma(a, ra, f(b * rb)));
      return { a, b, ra: Math.min(ra, 255), rb: Math.min(rb, 255), t: Math.abs(t) < 2 ** 17 ? t : 0 };
    });
    const packed = cases.map(({ a, b, ra, rb, t }) =>
      pack([bitsOf(ra), 32], [bitsOf(rb), 32], [a, 8], [b, 8], [bitsOf(t), 32]),
    );
    await judge(
      "add",
      packed,
      cases.map(({ a, b, ra, rb, t }) => add(a, ra, b, rb, t)),
    );
  });
});
