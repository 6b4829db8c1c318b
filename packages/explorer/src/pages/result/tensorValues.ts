import type { Tensor } from "@opg-protocol/sdk";

import { countOf, elementAt } from "../../verify/distance.ts";

const HALF = 10;
const BRAIN = 16;

/** The numbers of a tensor, as far as they are wanted. Whole numbers beyond 2^53 are rounded. */
export function valuesOf(tensor: Tensor, most = Infinity): number[] {
  const read = tensor.dtype === HALF ? halfAt : tensor.dtype === BRAIN ? brainAt : elementAt;
  return Array.from({ length: Math.min(countOf(tensor), most) }, (_, index) => read(tensor, index));
}

/** A float of 16 bits: sign, 5 bits of exponent, 10 of fraction (IEEE 754 binary16). */
function halfAt(tensor: Tensor, index: number): number {
  const bits = wordAt(tensor, index);
  const sign = bits >> 15 === 0 ? 1 : -1;
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** The upper half of a float32. */
function brainAt(tensor: Tensor, index: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, wordAt(tensor, index));
  return view.getFloat32(0);
}

const wordAt = ({ data }: Tensor, index: number): number => ((data[2 * index + 1] ?? 0) << 8) | (data[2 * index] ?? 0);

/** A number as it is shown: six significant digits. */
export const valueText = (value: number): string =>
  Number.isInteger(value)
    ? String(value)
    : Number.isFinite(value)
      ? String(Number(value.toPrecision(6)))
      : String(value);

/** Where an element is, as its indices: `[0, 3]`. */
export function indicesText(index: number, shape: readonly number[]): string {
  let rest = index;
  const indices = shape.toReversed().map((dimension) => {
    const at = rest % dimension;
    rest = Math.floor(rest / dimension);
    return at;
  });
  return `[${indices.toReversed().join(", ")}]`;
}

const FLOAT32 = 1;
const MOST_DIGITS = 9;

/** The shortest text that is read back as the same number of this type. */
export function exactText(value: number, dtype: number): string {
  if (dtype !== FLOAT32 || !Number.isFinite(value)) return String(value);
  for (let digits = 1; digits < MOST_DIGITS; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(MOST_DIGITS)));
}
