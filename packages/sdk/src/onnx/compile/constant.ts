import { elementSize, sizeOf } from "../layout.ts";
import { DType, type NodeMessage, type TensorMessage } from "../model.ts";
import { eachVarint } from "../modelWire.ts";

/** A constant of the graph. */
export interface Constant {
  /** As ONNX numbers them. */
  readonly dtype: number;
  /** May be of rank 0. */
  readonly shape: readonly number[];
  /** Row-major, little-endian, without gaps. */
  readonly bytes: Uint8Array;
}

/** Element types that constants may have, with their names. */
export type ConstantTypes = ReadonlyMap<number, string>;

/** Those of quantised models. */
export const QUANTISED_TYPES: ConstantTypes = new Map([
  [DType.Float, "float"],
  [DType.Uint8, "uint8"],
  [DType.Int8, "int8"],
  [DType.Int32, "int32"],
  [DType.Int64, "int64"],
]);

/**
 * Reads a constant.
 * @returns why it cannot be one, if it is a text.
 */
export function readConstant(tensor: TensorMessage, types: ConstantTypes): Constant | string {
  const { dataType: dtype = 0, dims: shape } = tensor;
  if (!types.has(dtype)) {
    const allowed = Array.from(types, ([type, name]) => `${type} ${name}`);
    return `has element type ${dtype}, not one of ${allowed.join(", ")}`;
  }
  const size = elementSize(dtype);
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
  const count = sizeOf(tensor.dims);
  if (list.length < count) return `has a list of values that is too short for ${count}`; // each takes a byte at least
  const view = new DataView(new ArrayBuffer(count * size));
  let [given, misfit] = [0, undefined as number | undefined];
  try {
    eachVarint(list, (value, i) => {
      given++;
      if (i < count && store(view, dtype, i, value) !== value) misfit ??= value;
    });
  } catch {
    return "has a list of values that cannot be read";
  }
  if (misfit !== undefined) return `has the value ${misfit}, which its type cannot hold`;
  return given === count ? new Uint8Array(view.buffer) : `has ${given} values, not ${count}`;
}

/** Stores a value, and gives what was stored. */
function store(view: DataView, dtype: number, index: number, value: number): number {
  switch (dtype) {
    case DType.Int64:
      view.setBigInt64(8 * index, BigInt(value), true);
      return value;
    case DType.Int32:
      view.setInt32(4 * index, value, true);
      return view.getInt32(4 * index, true);
    case DType.Int8:
      view.setInt8(index, value);
      return view.getInt8(index);
    default:
      view.setUint8(index, value);
      return view.getUint8(index);
  }
}

const viewOf = ({ bytes }: Constant) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** The values of a float32 constant. */
export function floatsOf(constant: Constant): number[] {
  const view = viewOf(constant);
  return Array.from({ length: constant.bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/** The values of an int32, int8 or uint8 constant. */
export function integersOf({ dtype, bytes }: Constant): Int32Array | Int8Array | Uint8Array {
  const { buffer } = bytes.slice(); // aligned
  if (dtype === DType.Int32) return new Int32Array(buffer);
  return dtype === DType.Int8 ? new Int8Array(buffer) : new Uint8Array(buffer);
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
export function constantOfNode({ attribute, input }: NodeMessage, types: ConstantTypes): Constant | string {
  const [only, ...others] = attribute;
  const name = only?.name ?? "";
  if (only === undefined || others.length > 0 || input.length > 0) return "must be the only attribute, without inputs";
  if (name === "value") return only.t === undefined ? "is missing" : readConstant(only.t, types);
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

/** Weights that were looked through already: nodes may share them. */
const looked = new WeakMap<Constant, number | undefined>();

/** The first value of an int8 constant that is further from zero than this. */
export function beyond(constant: Constant, most: number): number | undefined {
  if (looked.has(constant)) return looked.get(constant);
  const { buffer, byteOffset, length } = constant.bytes;
  const wrong = new Int8Array(buffer, byteOffset, length).find((value) => value > most || value < -most);
  looked.set(constant, wrong);
  return wrong;
}
