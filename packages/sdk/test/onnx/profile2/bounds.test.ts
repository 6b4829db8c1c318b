import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { DType } from "../../../src/onnx/index.ts";
import {
  type Bounds,
  clipped,
  difference,
  fits,
  magnitude,
  product,
  quotient,
  rangeOf,
  scaled,
  spanOf,
  square,
  sum,
  union,
  wrapped,
} from "../../../src/onnx/profile2/compile/bounds.ts";

const LEAST = -4;
const MOST = 4;

/** All bounds whose ends lie between two small numbers. */
function allBounds(least = LEAST, most = MOST): Bounds[] {
  const numbers = Array.from({ length: most - least + 1 }, (_, i) => BigInt(least + i));
  return numbers.flatMap((low) => numbers.filter((high) => high >= low).map((high) => ({ low, high })));
}

/** All numbers within bounds. */
const within = ({ low, high }: Bounds): bigint[] =>
  Array.from({ length: Number(high - low) + 1 }, (_, i) => low + BigInt(i));

/** Expects bounds to be the least that hold what a function makes of all pairs. */
function expectLeast(bounds: Bounds, a: Bounds, b: Bounds, f: (x: bigint, y: bigint) => bigint): void {
  const values = within(a).flatMap((x) => within(b).map((y) => f(x, y)));
  assert.deepEqual(bounds, spanOf(values), `of [${a.low}, ${a.high}] and [${b.low}, ${b.high}]`);
}

const abs = (x: bigint): bigint => (x < 0n ? -x : x);

describe("Bounds", () => {
  it("are the least that hold what each instruction makes of all numbers within others", () => {
    for (const a of allBounds()) {
      expectLeast(magnitude(a), a, a, abs);
      assert.deepEqual(square(a), spanOf(within(a).map((x) => x * x)));
      assert.deepEqual(scaled(a, 3), { low: 3n * a.low, high: 3n * a.high });
      for (const b of allBounds()) {
        expectLeast(sum(a, b), a, b, (x, y) => x + y);
        expectLeast(difference(a, b), a, b, (x, y) => x - y);
        expectLeast(product(a, b), a, b, (x, y) => x * y);
        assert.deepEqual(union([a, b]), spanOf([...within(a), ...within(b)]));
        if (b.low >= 1n) expectLeast(quotient(a, b), a, b, (x, y) => x / y);
      }
    }
  });

  it("of what is clipped are those of the clipped ends, also where the bounds of Clip are upside down", () => {
    const clip = (x: bigint, least: bigint, most: bigint) => {
      const raised = x > least ? x : least;
      return raised < most ? raised : most;
    };
    for (const a of allBounds())
      for (const { low, high } of allBounds())
        for (const [least, most] of [
          [low, high],
          [high, low],
        ] as const) {
          const bounds = clipped(a, { low: least, high: least }, { low: most, high: most });
          assert.deepEqual(bounds, spanOf(within(a).map((x) => clip(x, least, most))));
        }
  });

  it("of what is wrapped stay the same within the type, and are the whole type beyond it", () => {
    const byte = rangeOf(DType.Uint8);
    for (const a of [
      { low: 0n, high: 255n },
      { low: 3n, high: 4n },
    ])
      assert.deepEqual(wrapped(a, byte), a);
    for (const a of [
      { low: -1n, high: 4n },
      { low: 3n, high: 256n },
      { low: 1_000n, high: 1_000n },
    ])
      assert.deepEqual(wrapped(a, byte), byte);
  });

  it("say what fits into types", () => {
    const [int, long] = [rangeOf(DType.Int32), rangeOf(DType.Int64)];
    assert.equal(fits({ low: -(2n ** 31n), high: 2n ** 31n - 1n }, int), true);
    assert.equal(fits({ low: -(2n ** 31n) - 1n, high: 0n }, int), false);
    assert.equal(fits({ low: 0n, high: 2n ** 63n }, long), false);
    assert.throws(() => rangeOf(DType.Float), RangeError);
    assert.throws(() => spanOf([]), RangeError);
  });
});
