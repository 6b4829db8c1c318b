/** What is done to each element by itself: QUANT, DEQUANT, ADD, LUT; and ARGMAX, to each row. */
import { dequantise, floatOf, fma, quantise, rte, sat } from "../arithmetic.ts";
import { commit, placementOf, sizeOf, toWords, uncommit } from "../layout.ts";
import { Layout } from "../program.ts";
import { attrsOf, type KernelMaker, nth } from "./kernel.ts";

export const quant: KernelMaker = (program) => {
  const { step } = program;
  const [scaleBits = 0, zero = 0] = attrsOf(program);
  const scale = floatOf(scaleBits);
  const source = nth(step.inputs, 0);
  return ([input = new Uint8Array()]) => {
    const floats = new DataView(input.buffer, input.byteOffset);
    const bytes = new Uint8Array(sizeOf(source.shape));
    for (let i = 0; i < bytes.length; i += 1) bytes[i] = quantise(floats.getFloat32(4 * i, true), scale, zero);
    return commit(step, bytes);
  };
};

export const dequant: KernelMaker = (program) => {
  const { step } = program;
  const [scaleBits = 0, zero = 0] = attrsOf(program);
  const scale = floatOf(scaleBits);
  const table = Float32Array.from({ length: 256 }, (_, byte) => dequantise(byte, scale, zero));
  const source = nth(step.inputs, 0);
  const { byteLength } = placementOf(step);
  return ([input = new Uint8Array()]) => {
    const output = new Uint8Array(byteLength);
    const floats = new DataView(output.buffer);
    uncommit(source, input).forEach((byte, i) => {
      floats.setFloat32(4 * i, table[byte] ?? 0, true);
    });
    return output;
  };
};

/** The rows of a tensor in its layout: how many, bytes of each, and bytes from one to the next. */
function rowsOf({ layout, shape }: { readonly layout: Layout; readonly shape: readonly number[] }) {
  const width = shape[layout === Layout.Image ? 1 : shape.length - 1] ?? 1;
  const count = sizeOf(shape) / width;
  return { count, width, pitch: toWords(width) };
}

export const lut: KernelMaker = ({ step, constants: table }) => {
  const { count, width, pitch } = rowsOf(step);
  return ([input = new Uint8Array()]) => {
    const output = new Uint8Array(input.length);
    for (let row = 0; row < count; row += 1)
      for (let at = row * pitch; at < row * pitch + width; at += 1) output[at] = table[input[at] as number] as number;
    return output;
  };
};

/** Sums of all pairs of bytes, `256 · a + b`. */
function sumsOf(ra: number, rb: number, t: number): Uint8Array {
  const sums = new Uint8Array(65_536);
  for (let b = 0; b < 256; b += 1) {
    const inner = fma(b, rb, t);
    for (let a = 0; a < 256; a += 1) sums[256 * a + b] = sat(rte(fma(a, ra, inner)));
  }
  return sums;
}

export const add: KernelMaker = (program) => {
  const { step, constants } = program;
  const [ra = 0, rb = 0, t = 0] = attrsOf(program).map(floatOf);
  const sums = sumsOf(ra, rb, t);
  const { count, width, pitch } = rowsOf(step);
  // A constant row of the last axis is, in the layout of an image, one byte for all channels of a pixel.
  const rows = step.layout === Layout.Image ? (step.shape.at(-1) ?? 1) : 1;
  const second = (row: number, i: number) => (step.layout === Layout.Image ? constants[row % rows] : constants[i]) ?? 0;
  return ([a = new Uint8Array(), b]) => {
    const output = new Uint8Array(a.length);
    for (let row = 0; row < count; row += 1)
      for (let i = 0, at = row * pitch; i < width; i += 1, at += 1)
        output[at] = sums[256 * (a[at] as number) + (b === undefined ? second(row, i) : (b[at] as number))] as number;
    return output;
  };
};

export const argMax: KernelMaker = ({ step }) => {
  const source = nth(step.inputs, 0);
  const length = source.shape.at(-1) ?? 1;
  const { byteLength } = placementOf(step);
  return ([input = new Uint8Array()]) => {
    const rows = uncommit(source, input);
    const output = new Uint8Array(byteLength);
    const places = new DataView(output.buffer);
    for (let row = 0; row * length < rows.length; row += 1) {
      const values = rows.subarray(row * length, (row + 1) * length);
      const largest = values.reduce((most, value) => Math.max(most, value), 0);
      places.setUint32(8 * row, values.indexOf(largest), true); // int64; an axis is shorter than 2^32
    }
    return output;
  };
};
