/** MOVE, JOIN, TAKE and ROWS: numbers that only change their places. */
import { attrsOf, type KernelMaker, nth } from "../../kernels/kernel.ts";
import { commit, elementSize, sizeOf } from "../../layout.ts";
import { bytesOf, constantWords, denseBytes, firstOf, integersIn } from "./integers.ts";

/** Elements as whole units: bytes, or 4-byte units, of which the widest types have two. */
function unitsIn(bytes: Uint8Array, size: number): Uint8Array | Int32Array {
  if (size === 1) return bytes;
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Int32Array(buffer, byteOffset, length / 4);
}

interface Loop {
  readonly size: number;
  readonly stride: number;
}

/** Copies units in the order of the copy, from where nested loops lead, the last innermost. */
function copyLoops(
  from: Uint8Array | Int32Array,
  to: Uint8Array | Int32Array,
  base: number,
  loops: readonly Loop[],
): void {
  const { size: count, stride } = loops.at(-1) ?? { size: 1, stride: 0 };
  let at = 0;
  const run = (loop: number, start: number): void => {
    const { size, stride: step } = loops[loop] ?? { size: 1, stride: 0 };
    if (loop >= loops.length - 1) {
      for (let i = 0, place = start; i < count; i += 1, place += stride, at += 1) to[at] = from[place] as number;
      return;
    }
    for (let i = 0; i < size; i += 1) run(loop + 1, start + i * step);
  };
  run(0, base);
}

export const move: KernelMaker = (program) => {
  const { step } = program;
  const source = firstOf(program);
  const [count = 0, ...rest] = attrsOf(program);
  const [sizes, [base = 0, ...strides]] = [rest.slice(0, count), rest.slice(count)];
  const size = elementSize(step.dtype);
  const units = size === 1 ? 1 : size / 4;
  const digits = sizes.map((digit, i): Loop => ({ size: digit, stride: (strides[i] ?? 0) * units }));
  const loops = units === 1 ? digits : [...digits, { size: units, stride: 1 }];
  const length = sizeOf(step.shape) * units;
  return ([input = new Uint8Array()]) => {
    const output = size === 1 ? new Uint8Array(length) : new Int32Array(length);
    copyLoops(unitsIn(denseBytes(source, input), size), output, base * units, loops);
    return commit(step, bytesOf(output));
  };
};

export const join: KernelMaker = (program) => {
  const { step } = program;
  const [axis = 0] = attrsOf(program);
  const size = elementSize(step.dtype);
  const pieceOf = (shape: readonly number[]) => sizeOf(shape.slice(axis)) * size;
  const pitch = pieceOf(step.shape);
  return (inputs) => {
    const output = new Uint8Array(sizeOf(step.shape) * size);
    let start = 0;
    for (const [i, ref] of step.inputs.entries()) {
      const bytes = denseBytes(ref, nth(inputs, i));
      const piece = pieceOf(ref.shape);
      for (let from = 0, to = start; from < bytes.length; from += piece, to += pitch)
        output.set(bytes.subarray(from, from + piece), to);
      start += piece;
    }
    return commit(step, output);
  };
};

export const take: KernelMaker = ({ step }) => {
  const [source, index] = [nth(step.inputs, 0), nth(step.inputs, 1)];
  const size = elementSize(step.dtype);
  const [from, to] = [source.shape.at(-1) ?? 1, index.shape.at(-1) ?? 1];
  return (inputs) => {
    const bytes = denseBytes(source, nth(inputs, 0));
    const places = integersIn(index, nth(inputs, 1));
    const output = new Uint8Array(places.length * size);
    for (const [i, place] of places.entries()) {
      const at = (Math.floor(i / to) * from + Number(place)) * size;
      output.set(bytes.subarray(at, at + size), i * size);
    }
    return commit(step, output);
  };
};

export const rows: KernelMaker = (program) => {
  const { step } = program;
  const index = firstOf(program);
  const table = nth(step.inputs, 1);
  const bytes = denseBytes(table, constantWords(program)[1] ?? new Uint8Array());
  const length = sizeOf(table.shape.slice(1)) * elementSize(step.dtype);
  return ([input = new Uint8Array()]) => {
    const output = new Uint8Array(sizeOf(step.shape) * elementSize(step.dtype));
    for (const [i, row] of integersIn(index, input).entries())
      output.set(bytes.subarray(Number(row) * length, (Number(row) + 1) * length), i * length);
    return commit(step, output);
  };
};
