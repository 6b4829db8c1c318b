import { DType, type NodeMessage, type TensorMessage } from "../model.ts";
import { varints } from "../modelWire.ts";

/** A constant of the graph. */
export interface Constant {
  /** As ONNX numbers them. */
  readonly dtype: number;
  /** May be of rank 0. */
  readonly shape: readonly number[];
  /** Row-major, little-endian, without gaps. */
  readonly bytes: Uint8Array;
}

const SIZES: ReadonlyMap<number, number> = new Map([
  [DType.Float, 4],
  [DType.Uint8, 1],
  [DType.Int8, 1],
  [DType.Int32, 4],
  [DType.Int64, 8],
]);

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dimension) => size * dimension, 1);

/**
 * Reads a constant.
 * @returns why it cannot be one, if it is a text.
 */
export function readConstant(tensor: TensorMessage): Constant | string {
  const { dataType: dtype = 0, dims: shape } = tensor;
  const size = SIZES.get(dtype);
  if (size === undefined) return `has element type ${dtype}, not one of 1 float, 2 uint8, 3 int8, 6 int32, 7 int64`;
  if (shape.some((dimension) => dimension < 1)) return `has the shape [${shape.join(", ")}], which holds nothing`;
  const lists = [tensor.rawData, tensor.floatData, tensor.int32Data, tensor.int64Data].filter(
    (list) => list !== undefined && list.length > 0,
  );
  if (lists.length > 1) return "has its values twice";
  const bytes = tensor.rawData ?? listed(tensor, dtype, size);
  if (typeof bytes === "string") return bytes;
  const expected = sizeOf(shape) * size;
  if (bytes.length !== expected) return `has ${bytes.length} bytes of values, not ${expected}`;
  return { dtype, shape, bytes };
}

/** The bytes of values that stand in a list of numbers. */
function listed(tensor: TensorMessage, dtype: number, size: number): Uint8Array | string {
  if (dtype === DType.Float) return tensor.floatData ?? new Uint8Array();
  const list = (dtype === DType.Int64 ? tensor.int64Data : tensor.int32Data) ?? new Uint8Array();
  const values = list.length > 10 * sizeOf(tensor.dims) ? undefined : varintsOf(list);
  if (values === undefined) return "has a list of values that cannot be read";
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) {
    if (dtype === DType.Int64) view.setBigInt64(8 * i, BigInt(value), true);
    else if (dtype === DType.Int32) view.setInt32(4 * i, value, true);
    else bytes[i] = value;
    const stored = dtype === DType.Uint8 ? bytes[i] : dtype === DType.Int8 ? view.getInt8(i) : value;
    if (stored !== value || (dtype === DType.Int32 && view.getInt32(4 * i, true) !== value))
      return `has the value ${value}, which its type cannot hold`;
  }
  return bytes;
}

function varintsOf(list: Uint8Array): number[] | undefined {
  try {
    return varints(list);
  } catch {
    return undefined;
  }
}

const viewOf = ({ bytes }: Constant) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** The values of a float32 constant. */
export function floatsOf(constant: Constant): number[] {
  const view = viewOf(constant);
  return Array.from({ length: constant.bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/** The values of an int32, int8 or uint8 constant. */
export function integersOf(constant: Constant): Int32Array {
  const view = viewOf(constant);
  const length = sizeOf(constant.shape);
  if (constant.dtype === DType.Int32) return Int32Array.from({ length }, (_, i) => view.getInt32(4 * i, true));
  return Int32Array.from({ length }, (_, i) => (constant.dtype === DType.Int8 ? view.getInt8(i) : view.getUint8(i)));
}

/** The values of an int64 constant; what is beyond 2^53 is near enough, because nothing allows that much. */
export function longsOf(constant: Constant): number[] {
  const view = viewOf(constant);
  return Array.from({ length: constant.bytes.length / 8 }, (_, i) => Number(view.getBigInt64(8 * i, true)));
}

/** The attributes of a `Constant` node that hold its value, with rank and element type of what they hold. */
const VALUES: Readonly<Record<string, { readonly rank: number; readonly dtype: number }>> = {
  value_int: { rank: 0, dtype: DType.Int64 },
  value_ints: { rank: 1, dtype: DType.Int64 },
  value_float: { rank: 0, dtype: DType.Float },
  value_floats: { rank: 1, dtype: DType.Float },
};

/**
 * Reads a `Constant` node.
 * @returns why it is none that the profile can have, if it is a text.
 */
export function constantOfNode({ attribute, input }: NodeMessage): Constant | string {
  const [only, ...others] = attribute;
  const name = only?.name ?? "";
  if (only === undefined || others.length > 0 || input.length > 0) return "must be the only attribute, without inputs";
  if (name === "value") return only.t === undefined ? "is missing" : readConstant(only.t);
  const kind = Object.hasOwn(VALUES, name) ? VALUES[name] : undefined;
  if (kind === undefined) return `is given as ${name}, not as a tensor, float or int`;
  const { rank, dtype } = kind;
  if (dtype === DType.Int64) {
    const values = rank === 0 ? [only.i ?? 0] : only.ints;
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return { dtype, shape: rank === 0 ? [] : [values.length], bytes };
  }
  const bytes = rank === 0 ? new Uint8Array(Float32Array.of(only.f ?? 0).buffer) : (only.floats ?? new Uint8Array());
  return { dtype, shape: rank === 0 ? [] : [bytes.length / 4], bytes };
}
