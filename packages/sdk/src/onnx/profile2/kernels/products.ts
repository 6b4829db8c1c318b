/** DOT: sums of products of bytes, with constants or with another tensor. */
import { attrsOf, type KernelMaker, nth } from "../../kernels/kernel.ts";
import { BLOCK, PairSums } from "../../kernels/PairSums.ts";
import { sizeOf, toWords } from "../../layout.ts";
import { committed, denseBytes, firstOf } from "./integers.ts";

export const dot: KernelMaker = (program) => {
  const { step, constants } = program;
  const [zeroA = 0, zeroB = 0] = attrsOf(program);
  const a = firstOf(program);
  const [depth, rows, columns] = [a.shape.at(-1) ?? 1, a.shape.at(-2) ?? 1, step.shape.at(-1) ?? 1];
  const matrices = sizeOf(a.shape.slice(0, -2));
  const products = new PairSums(depth, Math.ceil(columns / BLOCK));
  const isConstant = step.inputs.length === 1;
  const stride = toWords(depth);

  /** Takes the columns in, whose bytes begin at multiples of so many. */
  const take = (bytes: Uint8Array, pitch: number, placeOf: (i: number) => number): void => {
    for (let column = 0; column < columns; column += 1)
      for (let i = 0; i < depth; i += 1)
        products.set(
          Math.floor(column / BLOCK),
          column % BLOCK,
          i,
          (bytes[column * pitch + placeOf(i)] as number) - zeroB,
        );
  };
  // The eight 4-byte groups of each word of a column are reversed.
  if (isConstant) take(constants, stride, (i) => i ^ 28);

  const load = (into: Int16Array, bytes: Uint8Array, at: number): void => {
    for (let i = 0; i < depth; i += 1) into[i] = (bytes[at + i] as number) - zeroA;
  };
  const multiply = (output: Int32Array, bytes: Uint8Array, matrix: number): void => {
    const [sums, others] = products.sums;
    const end = (matrix + 1) * rows;
    for (let row = matrix * rows; row < end; row += 2) {
      load(products.first, bytes, row * depth);
      load(products.second, bytes, Math.min(row + 1, end - 1) * depth);
      for (let column = 0; column < columns; column += BLOCK) {
        const size = Math.min(BLOCK, columns - column);
        sums.fill(0);
        others.fill(0);
        products.accumulate(column / BLOCK);
        output.set(sums.subarray(0, size), row * columns + column);
        if (row + 1 < end) output.set(others.subarray(0, size), (row + 1) * columns + column);
      }
    }
  };

  return ([left = new Uint8Array(), right = new Uint8Array()]) => {
    const output = new Int32Array(matrices * rows * columns);
    const bytes = denseBytes(a, left);
    const turned = isConstant ? right : denseBytes(nth(step.inputs, 1), right);
    for (let matrix = 0; matrix < matrices; matrix += 1) {
      if (!isConstant) {
        products.clear();
        take(turned.subarray(matrix * columns * depth, (matrix + 1) * columns * depth), depth, (i) => i);
      }
      multiply(output, bytes, matrix);
    }
    return committed(step, output);
  };
};
