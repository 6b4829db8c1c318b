/** In which order the bytes of a tensor are committed. Every layout is a matter of strides. */
import { WORD } from "../codecs/merkle.ts";
import { tensorByteLength } from "../codecs/tensor.ts";
import { Layout, type Ref } from "./program.ts";

/** A tensor as a step makes or reads it. */
export type Placed = Pick<Ref, "layout" | "dtype" | "shape">;

/** Where the elements of a tensor lie. */
export interface Placement {
  /** Bytes from one element to the next along each axis. */
  readonly strides: readonly number[];
  /** Of the whole tensor: whole words. */
  readonly byteLength: number;
}

/** Elements of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dimension) => size * dimension, 1);

/** Bytes of one element of a type. */
export const elementSize = (dtype: number): number => tensorByteLength({ dtype, shape: [1] });

/** Rounds a number of bytes up to whole words. */
export const toWords = (bytes: number): number => Math.ceil(bytes / WORD) * WORD;

/** Where a committed tensor has its elements. */
export function placementOf({ layout, dtype, shape }: Placed): Placement {
  const size = elementSize(dtype);
  const axes = [...shape.keys()];
  if (layout === Layout.Packed) {
    const { strides, length } = stridesAlong(axes, shape, size);
    return { strides, byteLength: toWords(length) };
  }
  // The axis of a row is the innermost one: the last, or that of the channels.
  const inner = layout === Layout.Image ? 1 : shape.length - 1;
  const outer = axes.filter((axis) => axis !== inner);
  const { strides, length } = stridesAlong(outer, shape, toWords((shape[inner] ?? 1) * size));
  return { strides: strides.with(inner, size), byteLength: length };
}

/** Strides of axes that follow each other without gaps, the last innermost. */
function stridesAlong(axes: readonly number[], shape: readonly number[], unit: number) {
  const strides = shape.map(() => 0);
  let length = unit;
  for (const axis of axes.toReversed()) {
    strides[axis] = length;
    length *= shape[axis] ?? 1;
  }
  return { strides, length };
}

/** Elements from one place to the next along each axis, row-major, without gaps. */
export const rowMajor = (shape: readonly number[]): readonly number[] =>
  stridesAlong([...shape.keys()], shape, 1).strides;

/** Some bytes of an array, by where they begin and how far apart they are along each axis. */
export interface Strided {
  readonly bytes: Uint8Array;
  readonly strides: readonly number[];
  readonly offset?: number;
}

/** Copies the bytes at all positions of a shape from one arrangement to another. */
export function copyStrided(shape: readonly number[], from: Strided, to: Strided): void {
  const last = shape.length - 1;
  const count = shape[last] ?? 1;
  const [fromStep, toStep] = [from.strides[last] ?? 1, to.strides[last] ?? 1];
  const [source, target] = [from.bytes, to.bytes];
  const copyAxis = (axis: number, fromAt: number, toAt: number): void => {
    if (axis >= last) {
      for (let i = 0; i < count; i += 1) target[toAt + i * toStep] = source[fromAt + i * fromStep] ?? 0;
      return;
    }
    const [fromStride, toStride] = [from.strides[axis] ?? 0, to.strides[axis] ?? 0];
    for (let i = 0; i < (shape[axis] ?? 1); i += 1) copyAxis(axis + 1, fromAt + i * fromStride, toAt + i * toStride);
  };
  copyAxis(0, from.offset ?? 0, to.offset ?? 0);
}

/** The committed words of a tensor that is given row-major, without gaps. */
export function commit(placed: Placed, data: Uint8Array): Uint8Array {
  const words = new Uint8Array(placementOf(placed).byteLength);
  if (placed.layout === Layout.Image) {
    const { shape, dense, committed } = byteStrides(placed);
    copyStrided(shape, { bytes: data, strides: dense }, { bytes: words, strides: committed });
  } else
    eachRow(placed, data.length, (row, from, to) => {
      words.set(data.subarray(row, row + to - from), from);
    });
  return words;
}

/** The tensor row-major, without gaps, from its committed words. */
export function uncommit(placed: Placed, words: Uint8Array): Uint8Array {
  const data = new Uint8Array(tensorByteLength(placed));
  if (placed.layout === Layout.Image) {
    const { shape, dense, committed } = byteStrides(placed);
    copyStrided(shape, { bytes: words, strides: committed }, { bytes: data, strides: dense });
  } else
    eachRow(placed, data.length, (row, from, to) => {
      data.set(words.subarray(from, to), row);
    });
  return data;
}

/** Calls for each run of bytes without gaps: where it is in the data, and from where to where in the words. */
function eachRow(placed: Placed, byteLength: number, copy: (row: number, from: number, to: number) => void): void {
  const isPacked = placed.layout === Layout.Packed;
  const length = isPacked ? byteLength : (placed.shape.at(-1) ?? 1) * elementSize(placed.dtype);
  const pitch = toWords(length);
  for (let row = 0, from = 0; row < byteLength; row += length, from += pitch) copy(row, from, from + length);
}

/** A tensor as one of bytes: the bytes of an element are its last axis. */
function byteStrides(placed: Placed) {
  const shape = [...placed.shape, elementSize(placed.dtype)];
  return { shape, dense: rowMajor(shape), committed: [...placementOf(placed).strides, 1] };
}
