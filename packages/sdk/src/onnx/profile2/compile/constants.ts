/** Constants of exact integers. */
import { type Constant, type ConstantTypes, sizeOf } from "../../compile/constant.ts";
import { DType } from "../../model.ts";
import { type Bounds, spanOf } from "./bounds.ts";

/** Element types that constants of the profile may have; what reads one says which of them it takes. */
export const INTEGER_TYPES: ConstantTypes = new Map([
  [DType.Uint8, "uint8"],
  [DType.Int8, "int8"],
  [DType.Int32, "int32"],
  [DType.Int64, "int64"],
  [DType.Bool, "bool"],
]);

/** The values of a constant, row-major. */
export function integersOf({ dtype, shape, bytes }: Constant): Int32Array | BigInt64Array | Uint8Array | Int8Array {
  const aligned = bytes.slice().buffer;
  const length = sizeOf(shape);
  if (dtype === DType.Int64) return new BigInt64Array(aligned, 0, length);
  if (dtype === DType.Int32) return new Int32Array(aligned, 0, length);
  return dtype === DType.Int8 ? new Int8Array(aligned, 0, length) : new Uint8Array(aligned, 0, length);
}

/** Bounds of constants that were looked through already: nodes may share them. */
const known = new WeakMap<Constant, Bounds>();

/** The least and the largest value of a constant. */
export function boundsOf(constant: Constant): Bounds {
  const bounds = known.get(constant) ?? looked(integersOf(constant));
  known.set(constant, bounds);
  return bounds;
}

function looked(values: ReturnType<typeof integersOf>): Bounds {
  if (values instanceof BigInt64Array) return spanOf(values);
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return spanOf([BigInt(low), BigInt(high)]);
}

/** The value of a constant that has one element; nothing for others. */
export function onlyValueOf(constant: Constant): bigint | undefined {
  return sizeOf(constant.shape) === 1 ? boundsOf(constant).low : undefined;
}
