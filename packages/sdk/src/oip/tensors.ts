import { tensorByteLength, TensorLengthError, type Tensor } from "../codecs/tensor.ts";
import type { BinaryData } from "./body.ts";
import { BYTES, datatypeOf, dtypeOf } from "./datatypes.ts";
import { readElements, writeElements } from "./elements.ts";
import { OipFormatError } from "./errors.ts";
import { asList, asObject, asText, parametersOf } from "./fields.ts";

/** Most tensors of a message, and most dimensions of one. */
export const MOST_TENSORS = 256;
export const MOST_RANK = 32;
/** Dimensions of tensors are 32 bits wide in commitments. */
const MOST_DIMENSION = 2 ** 32 - 1;
/** Bytes of the length of an element of `BYTES`. */
const PREFIX = 4;

/** A tensor under the name that a signature gives it. */
export interface NamedTensor extends Tensor {
  readonly name: string;
}

/** A tensor as text of a JSON object, with its elements, or with the length of the binary data that they are. */
export function writeTensor(tensor: NamedTensor, isBinary: boolean): string {
  const { name, dtype, shape, data } = tensor;
  const expected = tensorByteLength(tensor);
  const datatype = datatypeOf(dtype);
  if (datatype === undefined || data.length !== expected) throw new TensorLengthError(tensor, data.length, expected);
  const head = JSON.stringify({ name, datatype, shape }).slice(0, -1);
  if (isBinary) return `${head},"parameters":{"binary_data_size":${data.length}}}`;
  return `${head},"data":${writeElements(name, tensor)}}`;
}

/**
 * Reads tensors. One element of `BYTES` is what raw bytes are here: a tensor of bytes, of rank 1.
 * @throws OipFormatError
 */
export function readTensors(place: string, value: unknown, binary: BinaryData): NamedTensor[] {
  const tensors = asList(place, value, MOST_TENSORS).map((item, i) => readTensor(`${place}[${i}]`, item, binary));
  binary.end();
  return tensors;
}

function readTensor(place: string, value: unknown, binary: BinaryData): NamedTensor {
  const fields = asObject(place, value);
  const name = asText(`${place}.name`, fields.name);
  const datatype = asText(`${place}.datatype`, fields.datatype);
  const shape = readShape(`${place}.shape`, fields.shape);
  const { binary_data_size: size } = parametersOf(place, fields);
  if (size !== undefined && fields.data !== undefined) {
    throw new OipFormatError(place, "has both data and a binary_data_size");
  }
  const raw = size === undefined ? undefined : binary.take(`${place}.parameters.binary_data_size`, asSize(place, size));
  if (datatype === BYTES) return { name, ...readBytes(place, shape, raw, fields.data) };

  const dtype = dtypeOf(datatype);
  if (dtype === undefined) throw new OipFormatError(`${place}.datatype`, `${datatype} is not supported`);
  const expected = tensorByteLength({ dtype, shape });
  if (raw !== undefined && raw.length !== expected) {
    throw new OipFormatError(place, `has ${raw.length} bytes, its datatype and shape say ${expected}`);
  }
  const data = raw ?? readElements(`${place}.data`, datatype, dtype, shape, fields.data);
  if (datatype === "BOOL" && data.some((byte) => byte > 1)) {
    throw new OipFormatError(place, "has bytes that are neither 0 nor 1");
  }
  return { name, dtype, shape, data };
}

/** @returns at least one dimension, none of which is zero: there is no other tensor here. */
function readShape(place: string, value: unknown): number[] {
  const shape = asList(place, value, MOST_RANK);
  const isDimension = (dimension: unknown): dimension is number =>
    Number.isInteger(dimension) && (dimension as number) >= 1 && (dimension as number) <= MOST_DIMENSION;
  if (shape.length === 0 || !shape.every(isDimension)) {
    throw new OipFormatError(place, `must be at least one number, each from 1 to ${MOST_DIMENSION}`);
  }
  return [...shape];
}

function asSize(place: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new OipFormatError(`${place}.parameters.binary_data_size`, "must be a number of bytes");
}

function readBytes(place: string, shape: readonly number[], raw: Uint8Array | undefined, data: unknown): Tensor {
  if (shape.some((dimension) => dimension !== 1)) throw new OipFormatError(place, `one element of ${BYTES} is taken`);
  const bytes = raw === undefined ? textBytes(place, data) : prefixedBytes(place, raw);
  if (bytes.length === 0) throw new OipFormatError(place, "has no bytes");
  return { dtype: 2, shape: [bytes.length], data: bytes };
}

function textBytes(place: string, data: unknown): Uint8Array {
  let value = data;
  for (let depth = 0; Array.isArray(value) && value.length === 1 && depth < MOST_RANK; depth += 1) {
    [value] = value as unknown[];
  }
  if (typeof value === "string") return new TextEncoder().encode(value);
  throw new OipFormatError(`${place}.data`, "must be an array of one text");
}

function prefixedBytes(place: string, raw: Uint8Array): Uint8Array {
  const length = raw.length < PREFIX ? -1 : new DataView(raw.buffer, raw.byteOffset).getUint32(0, true);
  if (length !== raw.length - PREFIX) {
    throw new OipFormatError(place, `must be ${PREFIX} bytes of length, and as many bytes as they say`);
  }
  return raw.subarray(PREFIX);
}
