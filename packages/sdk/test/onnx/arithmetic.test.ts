import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { bitsOf, divide, floatOf, fma, quantise, requant, rte } from "../../src/onnx/arithmetic.ts";
import * as integers from "./support/integers.ts";
import { Random } from "./support/Random.ts";

const CASES = 1_000_000;

/** A scale of the profile: any normal float32 in [2^-32, 2^8). */
const anyScale = (random: Random): number => floatOf(random.int(bitsOf(2 ** -32), bitsOf(2 ** 8) - 1));
/** A scale of so few bits that values meet half-way between two others. */
const roundScale = (random: Random): number => random.int(1, 15) * 2 ** random.int(-32, 3);
/** Any float32 but infinities, NaN and subnormal ones. */
const anyFloat = (random: Random): number => floatOf(random.int(0x0080_0000, 0x7f7f_ffff)) * random.pick([1, -1]);

/** An accumulator: of any length in bits, or half-way between two float32s, or one off. */
function accumulator(random: Random): number {
  const sign = random.pick([1, -1]);
  if (random.chance(0.5)) return sign * Math.floor(2 ** random.real(0, 31));
  const surplus = random.int(1, 7);
  const halfway = random.int(2 ** 23, 2 ** 24 - 1) * 2 ** surplus + 2 ** (surplus - 1);
  return sign * Math.min(halfway + random.int(-1, 1), 2 ** 31 - 1);
}

describe("The arithmetic of the profile, against the same in integers", () => {
  it(`makes bytes of ${CASES} accumulators, beyond 2^24 and half-way ones among them`, () => {
    const random = new Random(1);
    for (let i = 0; i < CASES; i += 1) {
      const acc = accumulator(random);
      // Most scales bring the accumulator to where a byte can be told from others.
      const near = Math.fround((random.int(0, 512) / 2 + random.pick([0, random.unit()])) / Math.abs(acc || 1));
      const scale = near >= 2 ** -32 && near < 2 ** 8 ? near : random.pick([anyScale, roundScale])(random);
      const zero = random.zero();
      const expected = integers.requant(acc, scale, zero);
      if (requant(acc, scale, zero) !== expected)
        assert.equal(requant(acc, scale, zero), expected, `${acc} ${scale} ${zero}`);
    }
  });

  it("makes bytes of 100,000 values exactly half-way between two", () => {
    const random = new Random(2);
    for (let i = 0; i < 100_000; i += 1) {
      const shift = random.int(1, 20);
      const zero = random.zero();
      const acc = random.int(-300, 300) * 2 ** shift + 2 ** (shift - 1);
      const expected = integers.requant(acc, 2 ** -shift, zero);
      if (requant(acc, 2 ** -shift, zero) !== expected)
        assert.equal(requant(acc, 2 ** -shift, zero), expected, `${acc}`);
    }
  });

  it(`multiplies and adds ${CASES} times with one rounding`, () => {
    const random = new Random(3);
    for (let i = 0; i < CASES; i += 1) {
      const r = random.pick([anyScale, roundScale])(random);
      const a = random.int(0, 255);
      // Far smaller, cancelling, or half-way: where a second rounding would show.
      const t = Math.fround(
        random.pick([
          random.real(-300, 300),
          -a * r * (1 + random.int(-4, 4) * 2 ** -23),
          random.pick([1, -1]) * 2 ** random.int(-55, 8),
          (random.int(-(2 ** 24), 2 ** 24) + 0.5) * 2 ** random.int(-55, -8),
        ]),
      );
      const expected = integers.fma(a, r, t);
      if (fma(a, r, t) !== expected) assert.equal(fma(a, r, t), expected, `${a} ${r} ${t}`);
    }
  });

  it("does not round a sum to a double first", () => {
    // 2^24 + 1 lies half-way between two float32s; what is added decides, and a double would lose it.
    assert.equal(fma(2 ** 24 + 1, 1, 2 ** -40), 2 ** 24 + 2);
    assert.equal(fma(2 ** 24 + 1, 1, -(2 ** -40)), 2 ** 24);
    assert.equal(fma(-(2 ** 24 + 1), 1, -(2 ** -40)), -(2 ** 24 + 2));
    assert.equal(fma(-(2 ** 24 + 1), 1, 2 ** -40), -(2 ** 24));
  });

  it(`divides and quantises ${CASES / 2} floats each`, () => {
    const random = new Random(4);
    for (let i = 0; i < CASES / 2; i += 1) {
      const scale = random.pick([anyScale, roundScale])(random);
      const zero = random.zero();
      const x = random.pick([
        anyFloat(random),
        Math.fround((random.int(-300, 300) + random.pick([0.5, 0, random.unit()])) * scale),
      ]);
      const expected = integers.quantise(x, scale, zero);
      if (quantise(x, scale, zero) !== expected)
        assert.equal(quantise(x, scale, zero), expected, `${x} ${scale} ${zero}`);
      const quotient = integers.divide(x, scale);
      if (Math.abs(quotient) >= 2 ** -126 && Math.abs(quotient) < 2 ** 128 && divide(x, scale) !== quotient)
        assert.equal(divide(x, scale), quotient, `${x} ${scale}`);
    }
  });

  it("saturates infinities, and takes both zeros for the zero point", () => {
    assert.deepEqual(
      [Infinity, -Infinity, 0, -0].map((x) => quantise(x, 0.5, 7)),
      [255, 0, 7, 7],
    );
  });

  it("rounds to integers, half to even", () => {
    assert.deepEqual(
      [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999997, 2 ** 30 + 0.5].map((x) => rte(x) + 0),
      [0, 2, 2, 0, -2, -2, 0, 2 ** 30],
    );
  });
});
