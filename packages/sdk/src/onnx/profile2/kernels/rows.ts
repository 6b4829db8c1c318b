/** SUM and ARGMAX: what becomes of a row. */
import { attrsOf, type KernelMaker } from "../../kernels/kernel.ts";
import { sizeOf } from "../../layout.ts";
import { fits, magnitude, scaled, square } from "../compile/bounds.ts";
import { SumKind } from "../program.ts";
import { committed, firstOf, type Integers, integersIn, zeros } from "./integers.ts";
import { boundsIn, EXACT, loadBigs, loadDoubles, store, type Vector } from "./vectors.ts";

export const sum: KernelMaker = (program) => {
  const { step } = program;
  const source = firstOf(program);
  const [kind = 0] = attrsOf(program);
  const length = source.shape.at(-1) ?? 1;
  const isSquared = kind === SumKind.Squares;
  return ([input = new Uint8Array()]) => {
    const numbers = integersIn(source, input);
    const bounds = boundsIn(numbers);
    // Whatever part of a row is added up, it is no larger than the largest element times the length.
    const largest = scaled(isSquared ? square(bounds) : magnitude(bounds), length);
    const sums = fits(largest, EXACT) ? doubleSums(numbers, length, isSquared) : bigSums(numbers, length, isSquared);
    const output = zeros(step.dtype, sizeOf(step.shape));
    store(sums, output, 0, sums.length);
    return committed(step, output);
  };
};

function doubleSums(numbers: Integers, length: number, isSquared: boolean): Vector {
  const doubles = loadDoubles(numbers, 0, numbers.length, new Float64Array(numbers.length));
  const sums = new Float64Array(numbers.length / length);
  for (let row = 0, at = 0; row < sums.length; row += 1) {
    let total = 0;
    for (const end = (row + 1) * length; at < end; at += 1) {
      const number = doubles[at] as number;
      total += isSquared ? number * number : number;
    }
    sums[row] = total;
  }
  return sums;
}

function bigSums(numbers: Integers, length: number, isSquared: boolean): Vector {
  const bigs = loadBigs(numbers, 0, numbers.length, new BigInt64Array(numbers.length));
  return BigInt64Array.from({ length: numbers.length / length }, (_, row) => {
    const values = bigs.subarray(row * length, (row + 1) * length);
    return values.reduce((total, value) => total + (isSquared ? value * value : value), 0n);
  });
}

export const argMax: KernelMaker = (program) => {
  const { step } = program;
  const source = firstOf(program);
  const length = source.shape.at(-1) ?? 1;
  return ([input = new Uint8Array()]) => {
    const numbers = integersIn(source, input);
    const places = new Float64Array(numbers.length / length);
    for (let row = 0; row < places.length; row += 1) {
      const first = row * length;
      let best = first;
      for (let at = first + 1; at < first + length; at += 1)
        if ((numbers[at] as number | bigint) > (numbers[best] as number | bigint)) best = at;
      places[row] = best - first;
    }
    const output = zeros(step.dtype, places.length);
    store(places, output, 0, places.length);
    return committed(step, output);
  };
};
