import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { DType } from "../../../src/onnx/index.ts";
import { rowMajor, sizeOf } from "../../../src/onnx/layout.ts";
import { digitsOf } from "../../../src/onnx/profile2/compile/digits.ts";
import { type Digit, IndexMap } from "../../../src/onnx/profile2/compile/IndexMap.ts";
import { Random } from "../support/Random.ts";
import { sourcesOf } from "./support/sourcesOf.ts";

/** A copy of a tensor, and the shape that it has. */
interface View {
  readonly map: IndexMap;
  readonly shape: readonly number[];
}

function transposition(shape: readonly number[], order: readonly number[]): View {
  const strides = rowMajor(shape);
  const digits = order.map((axis): Digit => ({ size: shape[axis] ?? 1, stride: strides[axis] ?? 0 }));
  return { map: new IndexMap(0, digits), shape: digits.map(({ size }) => size) };
}

/** Every step-th element of an axis from a place on. */
function slice(shape: readonly number[], axis: number, start: number, step: number, count: number): View {
  const strides = rowMajor(shape);
  const digits = shape.map((size, i): Digit => {
    const stride = strides[i] ?? 0;
    return i === axis ? { size: count, stride: stride * step } : { size, stride };
  });
  return { map: new IndexMap(start * (strides[axis] ?? 0), digits), shape: shape.with(axis, count) };
}

function expansion(shape: readonly number[], times: number): View {
  const strides = rowMajor(shape);
  const own = shape.map((size, i): Digit => ({ size, stride: strides[i] ?? 0 }));
  return { map: new IndexMap(0, [{ size: times, stride: 0 }, ...own]), shape: [times, ...shape] };
}

function drawView(random: Random, shape: readonly number[]): View {
  const kind = random.int(0, 3);
  if (kind === 0 && shape.length > 1) {
    const first = random.int(0, shape.length - 2);
    const order = [...shape.keys()];
    return transposition(shape, [...order.slice(0, first), first + 1, first, ...order.slice(first + 2)]);
  }
  if (kind === 1) {
    const axis = random.int(0, shape.length - 1);
    const size = shape[axis] ?? 1;
    const [step, start] = [random.pick([-1, 1, 2]), random.int(0, size - 1)];
    const most = step > 0 ? Math.ceil((size - start) / step) : start + 1;
    return slice(shape, axis, start, step, random.int(1, most));
  }
  if (kind === 2 && sizeOf(shape) < 500) return expansion(shape, random.int(2, 3));
  const size = sizeOf(shape);
  const divisors = Array.from({ length: size }, (_, i) => i + 1).filter((divisor) => size % divisor === 0);
  const first = random.pick(divisors);
  return { map: IndexMap.identity(size), shape: [first, size / first] };
}

describe("IndexMap", () => {
  it("is the same map for digits that do the same", () => {
    const digits = (...pairs: readonly (readonly [number, number])[]) =>
      new IndexMap(
        0,
        pairs.map(([size, stride]) => ({ size, stride })),
      ).digits;
    assert.deepEqual(digits([2, 12], [3, 4], [4, 1]), digits([24, 1]));
    assert.deepEqual(digits([2, 4], [1, 99], [4, 1]), digits([8, 1]));
    assert.deepEqual(digits([2, 0], [3, 0]), digits([6, 0]));
    assert.deepEqual(digits([1, 5]), []);
    assert.deepEqual(digits([2, -3], [3, -1]), digits([6, -1]));
  });

  it("knows the identity of a whole source, and of nothing less", () => {
    assert.ok(IndexMap.identity(6).isIdentity(6));
    assert.ok(IndexMap.identity(1).isIdentity(1));
    assert.ok(!IndexMap.identity(6).isIdentity(7));
    assert.ok(!new IndexMap(1, [{ size: 6, stride: 1 }]).isIdentity(6));
    assert.ok(!new IndexMap(5, [{ size: 6, stride: -1 }]).isIdentity(6));
    assert.ok(!transposition([2, 3], [1, 0]).map.isIdentity(6));
  });

  it("composes copies of copies to what both do, whatever they are, 4,000 times; more than half of them", () => {
    const random = new Random(7);
    let composed = 0;
    for (let i = 0; i < 4_000; i += 1) {
      const shape = random.list(random.int(1, 4), () => random.pick([1, 2, 3, 4, 6]));
      const inner = drawView(random, shape);
      const outer = drawView(random, inner.shape);
      const both = outer.map.after(inner.map);
      if (both === undefined) continue;
      composed += 1;
      const between = sourcesOf(inner.map);
      assert.deepEqual(
        sourcesOf(both),
        sourcesOf(outer.map).map((index) => between[index]),
        `round ${i}`,
      );
    }
    assert.ok(composed > 2_000, String(composed));
  });

  it("composes what attention is made of: heads out of rows, and back", () => {
    // [T, H·D] as [T, H, D], then [H, T, D].
    const heads = transposition([5, 4, 8], [1, 0, 2]).map;
    assert.deepEqual(heads.after(IndexMap.identity(160)), heads);
    // Transposed twice is not at all.
    const back = transposition([4, 5, 8], [1, 0, 2]).map.after(heads);
    assert.ok(back?.isIdentity(160));
    // The columns of what is transposed are its rows.
    const keys = transposition([4, 5, 8], [0, 2, 1]).map;
    assert.ok(transposition([4, 8, 5], [0, 2, 1]).map.after(keys)?.isIdentity(160));
  });

  it("says nothing where digits cannot say it", () => {
    const turned = transposition([2, 3], [1, 0]).map;
    const all6 = turned.after(turned); // as if [2, 3] transposed were [2, 3] again
    assert.equal(all6, undefined);
    assert.equal(slice([6], 0, 1, 1, 4).map.after(turned), undefined);
  });
});

describe("digitsOf", () => {
  const mapOf = (values: readonly number[]) =>
    digitsOf({ dtype: DType.Int32, shape: [values.length], bytes: new Uint8Array(Int32Array.from(values).buffer) });

  it("finds a map for even runs, and for runs of runs, and it gives these values", () => {
    for (const values of [
      [3],
      [0, 1, 2, 3],
      [6, 4, 2, 0],
      [5, 5, 5],
      [4, 5, 6, 7, 0, 1, 2, 3],
      [1, 0, 3, 2, 5, 4],
      [0, 4, 1, 5, 2, 6, 3, 7],
      [0, 0, 0, 1, 1, 1],
    ])
      assert.deepEqual(sourcesOf(mapOf(values) ?? assert.fail()), values);
  });

  it("finds none for others", () => {
    for (const values of [
      [0, 1, 3],
      [0, 1, 2, 4],
      [0, 1, 1, 0],
      [0, 1, 2, 3, 4, 6],
    ])
      assert.equal(mapOf(values), undefined);
  });
});
