/** Constants of exact integers. */
import { type Constant, type ConstantTypes, integersOf } from "../../compile/constant.ts";
import { sizeOf } from "../../layout.ts";
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
export const numbersOf = (constant: Constant): BigInt64Array | ReturnType<typeof integersOf> =>
  constant.dtype === DType.Int64 ? new BigInt64Array(constant.bytes.slice().buffer) : integersOf(constant);

/** Bounds of constants that were looked through already: nodes may share them. */
const known = new WeakMap<Constant, Bounds>();

/** The least and the largest value of a constant. */
export function boundsOf(constant: Constant): Bounds {
  const bounds = known.get(constant) ?? looked(numbersOf(constant));
  known.set(constant, bounds);
  return bounds;
}

function looked(values: ReturnType<typeof numbersOf>): Bounds {
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
