/** Tensors as people type and read them. */
import { bytesTensor, type Tensor, tensorByteLength, type TensorSpec } from "@opg-protocol/sdk";

import { dtypeName, shapeText } from "../entities/tensorSpecs.ts";

/** Most numbers that are taken as text. */
export const MOST_NUMBERS = 100_000;

type Write = (view: DataView, at: number, value: number) => void;

interface ElementType {
  readonly write: Write;
  /** Least and most whole number; floats have none. */
  readonly whole?: readonly [least: number, most: number];
}

const SAFE = Number.MAX_SAFE_INTEGER;

/** Element types that are taken as numbers, by the number that ONNX gives them. */
const TYPES: Readonly<Record<number, ElementType>> = {
  1: {
    write: (view, at, value) => {
      view.setFloat32(at, value, true);
    },
  },
  2: {
    write: (view, at, value) => {
      view.setUint8(at, value);
    },
    whole: [0, 255],
  },
  3: {
    write: (view, at, value) => {
      view.setInt8(at, value);
    },
    whole: [-128, 127],
  },
  4: {
    write: (view, at, value) => {
      view.setUint16(at, value, true);
    },
    whole: [0, 65_535],
  },
  5: {
    write: (view, at, value) => {
      view.setInt16(at, value, true);
    },
    whole: [-32_768, 32_767],
  },
  6: {
    write: (view, at, value) => {
      view.setInt32(at, value, true);
    },
    whole: [-(2 ** 31), 2 ** 31 - 1],
  },
  7: {
    write: (view, at, value) => {
      view.setBigInt64(at, BigInt(value), true);
    },
    whole: [-SAFE, SAFE],
  },
  9: {
    write: (view, at, value) => {
      view.setUint8(at, value);
    },
    whole: [0, 1],
  },
  11: {
    write: (view, at, value) => {
      view.setFloat64(at, value, true);
    },
  },
  12: {
    write: (view, at, value) => {
      view.setUint32(at, value, true);
    },
    whole: [0, 2 ** 32 - 1],
  },
  13: {
    write: (view, at, value) => {
      view.setBigUint64(at, BigInt(value), true);
    },
    whole: [0, SAFE],
  },
};

/** Text that is no tensor of the wanted type and shape. */
export class TensorTextError extends Error {
  constructor(what: string) {
    super(what);
    this.name = "TensorTextError";
  }
}

/** A type and shape, such as `uint8 1 × 1 × 8 × 8`; an open dimension is `?`. */
export const specText = ({ dtype, shape }: Pick<TensorSpec, "dtype" | "shape">): string =>
  `${dtypeName(dtype)} ${shapeText(shape)}`;

/**
 * Numbers between commas, spaces, lines or brackets, as a tensor. A single open dimension is as long as there are numbers for.
 * @throws TensorTextError
 */
export function tensorOfText(spec: Pick<TensorSpec, "dtype" | "shape">, text: string): Tensor {
  const words = text.split(/[\s,;[\]]+/).filter((word) => word !== "");
  if (words.length > MOST_NUMBERS) {
    throw new TensorTextError(
      `There are ${words.length} numbers; at most ${MOST_NUMBERS} are read as text. Upload a file.`,
    );
  }
  const values = words.map(numberOf);
  return tensorOfNumbers({ dtype: spec.dtype, shape: closedShape(spec, values.length) }, values);
}

/**
 * Numbers as a tensor of a type and shape.
 * @throws TensorTextError
 */
function tensorOfNumbers({ dtype, shape }: Pick<Tensor, "dtype" | "shape">, values: readonly number[]): Tensor {
  const type = TYPES[dtype];
  if (type === undefined) {
    throw new TensorTextError(`Numbers of ${dtypeName(dtype)} are not taken as text. Upload a file with their bytes.`);
  }
  const data = new Uint8Array(tensorByteLength({ dtype, shape }));
  const view = new DataView(data.buffer);
  const size = data.length / values.length;
  for (const [index, value] of values.entries()) {
    if (type.whole !== undefined) checkWhole(index, value, dtype, type.whole);
    type.write(view, index * size, value);
  }
  return { dtype, shape, data };
}

/**
 * A text as a tensor of bytes: as long as it is or, in a window of fixed length, with zeros behind it.
 * @throws TensorTextError if it is too long for that.
 */
export function tensorOfWords({ shape }: Pick<TensorSpec, "shape">, text: string): Tensor {
  const bytes = new TextEncoder().encode(text);
  const [length = 0] = shape;
  if (length === 0) return bytesTensor(bytes);
  if (bytes.length > length)
    throw new TensorTextError(`The text has ${bytes.length} bytes as UTF-8; there is room for ${length}.`);
  const data = new Uint8Array(length);
  data.set(bytes);
  return bytesTensor(data);
}

/**
 * Bytes of a file as a tensor.
 * @throws TensorTextError if there are too many or too few.
 */
export function tensorOfBytes(spec: Pick<TensorSpec, "dtype" | "shape">, data: Uint8Array): Tensor {
  const size = tensorByteLength({ dtype: spec.dtype, shape: [1] });
  if (size === 0 || data.length % size !== 0) {
    throw new TensorTextError(
      `${data.length} bytes are not a whole number of ${dtypeName(spec.dtype)}, which has ${size}.`,
    );
  }
  return { dtype: spec.dtype, shape: closedShape(spec, data.length / size), data };
}

/** The shape with its open dimension filled in. */
function closedShape({ dtype, shape }: Pick<TensorSpec, "dtype" | "shape">, count: number): readonly number[] {
  const open = shape.filter((dimension) => dimension === 0).length;
  const rest = shape.reduce((product, dimension) => product * (dimension === 0 ? 1 : dimension), 1);
  const wanted = open === 0 ? `${rest}` : `a multiple of ${rest}`;
  const fits = open === 0 ? count === rest : count > 0 && count % rest === 0;
  if (!fits) throw new TensorTextError(`There are ${count} numbers; ${specText({ dtype, shape })} takes ${wanted}.`);
  let length = count / rest;
  return shape.map((dimension) => {
    if (dimension !== 0) return dimension;
    const filled = length;
    length = 1; // further open dimensions
    return filled;
  });
}

function numberOf(word: string): number {
  const value = Number(word);
  if (Number.isNaN(value)) throw new TensorTextError(`“${word.slice(0, 20)}” is no number.`);
  return value;
}

function checkWhole(index: number, value: number, dtype: number, [least, most]: readonly [number, number]): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new TensorTextError(
    `Number ${index + 1} is ${value}; ${dtypeName(dtype)} takes whole numbers from ${least} to ${most}.`,
  );
}
