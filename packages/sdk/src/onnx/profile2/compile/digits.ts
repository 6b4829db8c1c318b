import type { Constant } from "../../compile/constant.ts";
import { numbersOf } from "./constants.ts";
import { type Digit, IndexMap } from "./IndexMap.ts";

/** Constants that were looked through already: nodes may share them. */
const known = new WeakMap<Constant, IndexMap | undefined>();

/** The map that gives the values of a constant index, in their order; nothing if there is none. */
export function digitsOf(index: Constant): IndexMap | undefined {
  if (known.has(index)) return known.get(index);
  const values = Array.from(numbersOf(index), Number);
  const digits = factors(values);
  const map = digits === undefined ? undefined : new IndexMap(values[0] ?? 0, digits);
  known.set(index, map);
  return map;
}

/** Takes the longest even run as the fastest digit, then the same of where the runs begin. */
function factors(values: readonly number[]): readonly Digit[] | undefined {
  const { length } = values;
  if (length <= 1) return [];
  const stride = valueAt(values, 1) - valueAt(values, 0);
  const end = values.findIndex((value, i) => value !== valueAt(values, 0) + i * stride);
  for (let size = end < 0 ? length : end; size > 1; size -= 1) {
    if (length % size !== 0 || !repeats(values, size, stride)) continue;
    const outer = factors(values.filter((_, i) => i % size === 0));
    if (outer !== undefined) return [...outer, { size, stride }];
  }
  return undefined;
}

/** Whether values are even runs of this length, one after the other. */
const repeats = (values: readonly number[], size: number, stride: number): boolean =>
  values.every((value, i) => value === valueAt(values, i - (i % size)) + (i % size) * stride);

const valueAt = (values: readonly number[], i: number): number => values[i] ?? 0;
