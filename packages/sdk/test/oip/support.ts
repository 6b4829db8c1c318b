/** Tensors of every type that there is, with values at their ends. */
import { datatypeOf, type NamedTensor } from "../../src/oip/index.ts";

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice();

const LARGEST = 2 ** 53 - 1;

/** Values that JSON can hold. */
const VALUES: readonly (readonly [number, ArrayBufferView])[] = [
  [1, Float32Array.of(0, -0, 1.5, -(2 ** -149), 3.4028234663852886e38, 0.1)],
  [2, Uint8Array.of(0, 1, 128, 255, 7, 9)],
  [3, Int8Array.of(0, 127, -128, 1, -1, 2)],
  [4, Uint16Array.of(0, 65_535, 1, 2, 3, 4)],
  [5, Int16Array.of(0, 32_767, -32_768, -1, 1, 2)],
  [6, Int32Array.of(0, 2 ** 31 - 1, -(2 ** 31), -1, 1, 2)],
  [7, BigInt64Array.of(0n, BigInt(LARGEST), BigInt(-LARGEST), -1n, 1n, 2n)],
  [9, Uint8Array.of(0, 1, 1, 0, 1, 0)],
  [11, Float64Array.of(0, -0, 5e-324, 1.7976931348623157e308, 0.1, -1.5)],
  [12, Uint32Array.of(0, 2 ** 32 - 1, 1, 2, 3, 4)],
  [13, BigUint64Array.of(0n, BigInt(LARGEST), 1n, 2n, 3n, 4n)],
];

/** Values that it cannot. */
const BEYOND: readonly (readonly [number, ArrayBufferView])[] = [
  [1, Float32Array.of(NaN, Infinity, -Infinity, 0, 0, 0)],
  [10, Uint16Array.of(0x3c00, 0xbc00, 0x7e01, 0x8000, 0, 1)],
  [11, Float64Array.of(NaN, Infinity, -Infinity, 0, 0, 0)],
  [16, Uint16Array.of(0x3f80, 0x7fc0, 0, 1, 2, 3)],
];

const named = ([dtype, values]: readonly [number, ArrayBufferView]): NamedTensor => ({
  name: `tensor of ${datatypeOf(dtype)}`,
  dtype,
  shape: [2, 3],
  data: bytesOf(values),
});

export const IN_JSON: readonly NamedTensor[] = VALUES.map(named);
export const IN_BINARY_ALONE: readonly NamedTensor[] = BEYOND.map(named);
/** Exact in binary and as digits, but not once JavaScript has read them. */
export const TOO_LARGE: readonly NamedTensor[] = [
  named([7, BigInt64Array.of(2n ** 63n - 1n, -(2n ** 63n), 0n, 0n, 0n, 0n)]),
  named([13, BigUint64Array.of(2n ** 64n - 1n, 2n ** 53n, 0n, 0n, 0n, 0n)]),
];

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
