import { hexlify } from "ethers";

import { taggedHash } from "./abi.ts";
import { merkleRoot } from "./merkle.ts";

/** Bytes of one element, by the number that ONNX gives its type. Types without a fixed size are not supported. */
const ELEMENT_SIZES: Readonly<Record<number, number>> = {
  1: 4, // float32
  2: 1, // uint8
  3: 1, // int8
  4: 2, // uint16
  5: 2, // int16
  6: 4, // int32
  7: 8, // int64
  9: 1, // bool
  10: 2, // float16
  11: 8, // double
  12: 4, // uint32
  13: 8, // uint64
  16: 2, // bfloat16
};

/** One input or output of a model. Raw bytes (text, JSON) are one tensor of dtype 2 and rank 1. */
export interface Tensor {
  /** As ONNX numbers them: 1 float32, 2 uint8, 3 int8, 6 int32, 7 int64 ... */
  readonly dtype: number;
  readonly shape: readonly number[];
  /** Row-major, little-endian, without gaps. */
  readonly data: Uint8Array;
}

/** A tensor whose data is not as long as its type and shape say. */
export class TensorLengthError extends Error {
  readonly tensor: Pick<Tensor, "dtype" | "shape">;
  readonly given: number;
  readonly expected: number;

  constructor(tensor: Pick<Tensor, "dtype" | "shape">, given: number, expected: number) {
    const why = expected === 0 ? "unknown element type, or a dimension of zero" : `must be ${expected}`;
    super(`A tensor of dtype ${tensor.dtype} and shape [${tensor.shape.join(", ")}] has ${given} bytes: ${why}.`);
    this.name = "TensorLengthError";
    this.tensor = tensor;
    this.given = given;
    this.expected = expected;
  }
}

/** Bytes that a tensor of this type and shape has; 0 if there can be no such tensor. */
export function tensorByteLength({ dtype, shape }: Pick<Tensor, "dtype" | "shape">): number {
  return shape.length === 0 ? 0 : shape.reduce((size, dimension) => size * dimension, ELEMENT_SIZES[dtype] ?? 0);
}

/** What a tensor's root is the hash of. */
export interface TensorPreimage {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly dataRoot: string;
}

/**
 * What the root of a tensor is the hash of.
 * @throws TensorLengthError if the data does not fit the shape: shorter data with zeros at its end would have the same root.
 */
export function tensorPreimage(tensor: Tensor): TensorPreimage {
  const { dtype, shape, data } = tensor;
  const expected = tensorByteLength(tensor);
  if (expected === 0 || data.length !== expected) throw new TensorLengthError(tensor, data.length, expected);
  return { dtype, shape, dataRoot: hexlify(merkleRoot(data)) };
}

/**
 * Commitment to one tensor. Same bytes as in `PayloadLib`.
 * @throws as `tensorPreimage`
 */
export function tensorRoot(tensor: Tensor): string {
  return hashTensorPreimage(tensorPreimage(tensor));
}

/** The root of the tensor of which only the root of its data is there. */
export function hashTensorPreimage({ dtype, shape, dataRoot }: TensorPreimage): string {
  return taggedHash("OPG/tensor", ["uint8", "uint32[]", "bytes32"], [dtype, shape, dataRoot]);
}
