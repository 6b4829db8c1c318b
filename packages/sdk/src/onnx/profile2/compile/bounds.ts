/** What the elements of a tensor can be. All of it is exact: whatever a bound allows, some input may reach. */
import { DType } from "../../model.ts";

/** The least and the most that a value can be. */
export interface Bounds {
  readonly low: bigint;
  readonly high: bigint;
}

const between = (low: bigint, high: bigint): Bounds => ({ low, high });

/** What each element type holds; a truth is 0 or 1. */
const RANGES: ReadonlyMap<number, Bounds> = new Map([
  [DType.Uint8, between(0n, 255n)],
  [DType.Int32, between(-(2n ** 31n), 2n ** 31n - 1n)],
  [DType.Int64, between(-(2n ** 63n), 2n ** 63n - 1n)],
  [DType.Bool, between(0n, 1n)],
]);

export const TRUTH = between(0n, 1n);

/** All that an element type holds. */
export function rangeOf(dtype: number): Bounds {
  const range = RANGES.get(dtype);
  if (range === undefined) throw new RangeError(`Type ${dtype} is none of exact integers.`);
  return range;
}

export const fits = ({ low, high }: Bounds, into: Bounds): boolean => low >= into.low && high <= into.high;

/** As a reason shows them. */
export const shown = ({ low, high }: Bounds): string => `[${low}, ${high}]`;

/** The least bounds that hold all of these values. */
export function spanOf(values: Iterable<bigint>): Bounds {
  let [low, high]: [bigint | undefined, bigint | undefined] = [undefined, undefined];
  for (const value of values) {
    if (low === undefined || value < low) low = value;
    if (high === undefined || value > high) high = value;
  }
  if (low === undefined || high === undefined) throw new RangeError("There are no values to bound.");
  return between(low, high);
}

/** The least bounds that hold all that these do. */
export const union = (all: readonly Bounds[]): Bounds => spanOf(all.flatMap(({ low, high }) => [low, high]));

export const sum = (a: Bounds, b: Bounds): Bounds => between(a.low + b.low, a.high + b.high);

export const difference = (a: Bounds, b: Bounds): Bounds => between(a.low - b.high, a.high - b.low);

/** What a function that is monotonic in both arguments makes of all pairs of their ends. */
const ofEnds = (a: Bounds, b: Bounds, f: (x: bigint, y: bigint) => bigint): Bounds =>
  spanOf([f(a.low, b.low), f(a.low, b.high), f(a.high, b.low), f(a.high, b.high)]);

export const product = (a: Bounds, b: Bounds): Bounds => ofEnds(a, b, (x, y) => x * y);

/** Towards zero; of divisors that are 1 at least. */
export const quotient = (a: Bounds, b: Bounds): Bounds => ofEnds(a, b, (x, y) => x / y);

export const scaled = (a: Bounds, count: number): Bounds => between(a.low * BigInt(count), a.high * BigInt(count));

export function magnitude({ low, high }: Bounds): Bounds {
  const ends = [low < 0n ? -low : low, high < 0n ? -high : high];
  const { low: least, high: most } = spanOf(ends);
  return between(low <= 0n && high >= 0n ? 0n : least, most);
}

/** Of one value times itself. */
export function square(a: Bounds): Bounds {
  const { low, high } = magnitude(a);
  return between(low * low, high * high);
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** `min(max(value, least), most)`. */
export const clipped = (value: Bounds, least: Bounds, most: Bounds): Bounds =>
  between(smaller(larger(value.low, least.low), most.low), smaller(larger(value.high, least.high), most.high));

/** What is left of values if only the lowest bits of them are kept. */
export const wrapped = (value: Bounds, range: Bounds): Bounds => (fits(value, range) ? value : range);
