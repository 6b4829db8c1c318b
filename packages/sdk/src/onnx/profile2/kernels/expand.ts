import { broadcastStrides } from "../compile/broadcast.ts";
import type { Integers } from "./integers.ts";
import type { Vector } from "./vectors.ts";

/** Some elements of a shape, by row-major indices. */
export interface Section {
  readonly shape: readonly number[];
  readonly from: number;
  readonly count: number;
}

/** Fills in what numbers of a smaller shape become in a section of the shape that they are broadcast to. */
export function expand<V extends Vector | Integers>(
  numbers: V,
  own: readonly number[],
  { shape, from, count }: Section,
  into: V,
): V {
  const strides = broadcastStrides(own, shape);
  const length = shape.at(-1) ?? 1;
  const isRow = (strides.at(-1) ?? 0) > 0;
  for (let done = 0; done < count;) {
    const column = (from + done) % length;
    const run = Math.min(length - column, count - done);
    const start = startOf(Math.floor((from + done) / length), shape, strides);
    if (isRow) into.set(numbers.subarray(start + column, start + column + run) as Float64Array & BigInt64Array, done);
    else into.fill(numbers[start] as never, done, done + run);
    done += run;
  }
  return into;
}

/** Where the numbers begin that a row of the shape is made of. */
function startOf(row: number, shape: readonly number[], strides: readonly number[]): number {
  let [rest, start] = [row, 0];
  for (let axis = shape.length - 2; axis >= 0; axis -= 1) {
    const size = shape[axis] ?? 1;
    start += (rest % size) * (strides[axis] ?? 0);
    rest = Math.floor(rest / size);
  }
  return start;
}
