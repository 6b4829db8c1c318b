import type { Tensor } from "../codecs/tensor.ts";
import { elementSize, isBinaryOnly, datatypeOf } from "./datatypes.ts";
import { NotInJsonError, OipFormatError } from "./errors.ts";

type Accessor = (view: DataView, at: number) => number | bigint | boolean;

const READERS: Readonly<Record<string, Accessor>> = {
  FP32: (view, at) => view.getFloat32(at, true),
  UINT8: (view, at) => view.getUint8(at),
  INT8: (view, at) => view.getInt8(at),
  UINT16: (view, at) => view.getUint16(at, true),
  INT16: (view, at) => view.getInt16(at, true),
  INT32: (view, at) => view.getInt32(at, true),
  INT64: (view, at) => view.getBigInt64(at, true),
  BOOL: (view, at) => view.getUint8(at) !== 0,
  FP64: (view, at) => view.getFloat64(at, true),
  UINT32: (view, at) => view.getUint32(at, true),
  UINT64: (view, at) => view.getBigUint64(at, true),
};

/** Bits of the integer types, and whether they have a sign. */
const INTEGERS: Readonly<Record<string, readonly [bits: number, signed: boolean]>> = {
  UINT8: [8, false],
  INT8: [8, true],
  UINT16: [16, false],
  INT16: [16, true],
  INT32: [32, true],
  INT64: [64, true],
  UINT32: [32, false],
  UINT64: [64, false],
};

/**
 * The elements of a tensor as the text of a JSON array, flat. What is read back from it has the same bits.
 * @throws NotInJsonError for half floats, for what is not a finite number, and for a truth that is neither 0 nor 1.
 */
export function writeElements(name: string, { dtype, data }: Tensor): string {
  const datatype = datatypeOf(dtype) ?? "of an unknown type";
  const read = READERS[datatype];
  if (read === undefined) throw new NotInJsonError(name, `because it is ${datatype}`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const size = elementSize(dtype);
  const texts: string[] = [];
  for (let at = 0; at < data.length; at += size) {
    const value = read(view, at);
    if (typeof value === "number" && !Number.isFinite(value)) throw new NotInJsonError(name, `which has no ${value}`);
    if (typeof value === "boolean" && view.getUint8(at) > 1) {
      throw new NotInJsonError(name, `which has no truth of ${view.getUint8(at)}`);
    }
    texts.push(Object.is(value, -0) ? "-0" : String(value));
  }
  return `[${texts.join(",")}]`;
}

/**
 * The bytes of a tensor whose elements stand in JSON: flat, or nested as its shape is.
 * @param place Named by errors.
 * @throws OipFormatError also for a number that JSON has already rounded.
 */
export function readElements(place: string, datatype: string, dtype: number, shape: readonly number[], data: unknown) {
  if (isBinaryOnly(datatype)) {
    throw new OipFormatError(place, `${datatype} is taken as binary data alone: give "binary_data_size"`);
  }
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  const values = flatten(place, data, shape, count);
  const bytes = new Uint8Array(count * elementSize(dtype));
  const view = new DataView(bytes.buffer);
  const size = elementSize(dtype);
  for (const [i, value] of values.entries()) writeElement(view, i * size, datatype, value, `${place}, element ${i}`);
  return bytes;
}

function flatten(place: string, data: unknown, shape: readonly number[], count: number): readonly unknown[] {
  if (!Array.isArray(data)) throw new OipFormatError(place, "must be an array");
  let level: readonly unknown[] = data;
  if (Array.isArray(data[0]) && shape.length > 1) {
    for (const [axis, dimension] of shape.entries()) {
      if (axis > 0) level = level.flatMap((row) => rowOf(place, row, axis, dimension));
      else if (level.length !== dimension) throw new OipFormatError(place, lengths(level.length, dimension, axis));
    }
  }
  if (level.length !== count) {
    throw new OipFormatError(place, `has ${level.length} elements, its shape says ${count}`);
  }
  return level;
}

function rowOf(place: string, row: unknown, axis: number, dimension: number): readonly unknown[] {
  if (!Array.isArray(row))
    throw new OipFormatError(place, `must be flat, or nested as the shape is; axis ${axis} is not`);
  if (row.length !== dimension) throw new OipFormatError(place, lengths(row.length, dimension, axis));
  return row;
}

const lengths = (given: number, expected: number, axis: number) =>
  `has a row of ${given} along axis ${axis}, its shape says ${expected}`;

function writeElement(view: DataView, at: number, datatype: string, value: unknown, place: string): void {
  if (datatype === "BOOL") {
    if (typeof value !== "boolean") throw new OipFormatError(place, "must be true or false");
    view.setUint8(at, value ? 1 : 0);
    return;
  }
  if (typeof value !== "number") throw new OipFormatError(place, "must be a number");
  const integer = INTEGERS[datatype];
  if (integer === undefined) writeFloat(view, at, datatype, value, place);
  else writeInteger(view, at, integer, value, place);
}

function writeFloat(view: DataView, at: number, datatype: string, value: number, place: string): void {
  const isDouble = datatype === "FP64";
  if (!Number.isFinite(isDouble ? value : Math.fround(value))) {
    throw new OipFormatError(place, `${value} is too large for ${datatype}`);
  }
  if (isDouble) view.setFloat64(at, value, true);
  else view.setFloat32(at, value, true);
}

function writeInteger(
  view: DataView,
  at: number,
  [bits, signed]: readonly [number, boolean],
  value: number,
  place: string,
): void {
  const [least, most] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new OipFormatError(place, `${value} is no integer from ${least} to ${most}`);
  }
  if (!Number.isSafeInteger(value)) {
    throw new OipFormatError(place, `${value} is beyond what JSON is read exactly to: send binary data`);
  }
  if (bits === 8) view.setUint8(at, value);
  else if (bits === 16) view.setUint16(at, value, true);
  else if (bits === 32) view.setUint32(at, value, true);
  else view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
}
