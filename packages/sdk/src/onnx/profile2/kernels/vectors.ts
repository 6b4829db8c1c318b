/** Numbers as they are computed with: in doubles, which are fast, as long as every one of them is exact. */
import { type Bounds, rangeOf, spanOf } from "../compile/bounds.ts";
import { DType } from "../../model.ts";
import type { Integers } from "./integers.ts";

/** Doubles where all numbers are in `EXACT`, 64-bit integers where they may not be. */
export type Vector = Float64Array | BigInt64Array;

/**
 * Numbers of which doubles hold every one, and of which `trunc(a / b)` is the quotient: `a / b` is at least 1 / b away from the next
 * whole number, if it is none, and that is more than what the division rounds by.
 */
export const EXACT: Bounds = { low: -(2n ** 52n), high: 2n ** 52n };
const MOST_EXACT = 2 ** 52;

const UPPER = 2 ** 32;

/** Numbers of 64 bits by their halves, the lower one first. */
const halvesOf = ({ buffer, byteOffset, length }: BigInt64Array): Int32Array =>
  new Int32Array(buffer, byteOffset, 2 * length);

/** Calls with each of so many 64-bit numbers, as near as a double is to it. */
function eachDouble(
  numbers: BigInt64Array,
  from: number,
  count: number,
  take: (value: number, i: number) => void,
): void {
  const halves = halvesOf(numbers);
  for (let i = 0, at = 2 * from; i < count; i += 1, at += 2)
    take((halves[at + 1] as number) * UPPER + ((halves[at] as number) >>> 0), i);
}

/** The least and the largest of some numbers; all that 64 bits hold where some are beyond what is exact. */
export function boundsIn(numbers: Integers): Bounds {
  let [low, high] = [Infinity, -Infinity];
  const widen = (value: number): void => {
    if (value < low) low = value;
    if (value > high) high = value;
  };
  if (numbers instanceof BigInt64Array) eachDouble(numbers, 0, numbers.length, widen);
  else for (let i = 0; i < numbers.length; i += 1) widen(numbers[i] as number);
  return low < -MOST_EXACT || high > MOST_EXACT ? rangeOf(DType.Int64) : spanOf([BigInt(low), BigInt(high)]);
}

/** Loads exact numbers as doubles. */
export function loadDoubles(from: Integers | Vector, start: number, count: number, into: Float64Array): Float64Array {
  if (from instanceof BigInt64Array)
    eachDouble(from, start, count, (value, i) => {
      into[i] = value;
    });
  else for (let i = 0; i < count; i += 1) into[i] = from[start + i] as number;
  return into;
}

/** Loads numbers as 64-bit integers. */
export function loadBigs(from: Integers | Vector, start: number, count: number, into: BigInt64Array): BigInt64Array {
  if (from instanceof BigInt64Array) into.set(from.subarray(start, start + count));
  else for (let i = 0; i < count; i += 1) into[i] = BigInt(from[start + i] as number);
  return into;
}

/** Stores so many numbers from a place on. */
export function store(numbers: Vector, into: Integers | Vector, at: number, count: number): void {
  if (numbers instanceof BigInt64Array) storeBigs(numbers, into, at, count);
  else if (into instanceof BigInt64Array) storeHalves(numbers, into, at, count);
  else into.set(numbers.subarray(0, count), at);
}

function storeBigs(numbers: BigInt64Array, into: Integers | Vector, at: number, count: number): void {
  if (into instanceof BigInt64Array) into.set(numbers.subarray(0, count), at);
  else for (let i = 0; i < count; i += 1) into[at + i] = Number(numbers[i]);
}

function storeHalves(numbers: Float64Array, into: BigInt64Array, at: number, count: number): void {
  const halves = halvesOf(into);
  for (let i = 0, half = 2 * at; i < count; i += 1, half += 2) {
    const number = numbers[i] as number;
    const upper = Math.floor(number / UPPER);
    halves[half] = number - upper * UPPER;
    halves[half + 1] = upper;
  }
}
