import type { TensorSpec } from "@opg-protocol/sdk";

/** Element types by the numbers that ONNX has for them. */
const NAMES: Readonly<Record<number, string>> = {
  1: "float32",
  2: "uint8",
  3: "int8",
  4: "uint16",
  5: "int16",
  6: "int32",
  7: "int64",
  9: "bool",
  10: "float16",
  11: "float64",
  12: "uint32",
  13: "uint64",
  16: "bfloat16",
};

/** The name of an element type; its number where it has none. */
export const dtypeName = (dtype: number): string => NAMES[dtype] ?? `dtype ${dtype.toString()}`;

/** A shape as people write it; dimensions that are left open show as `?`, and a single number as “one value”. */
export const shapeText = (shape: TensorSpec["shape"]): string =>
  shape.length === 0 ? "one value" : shape.map((size) => (size === 0 ? "?" : size.toString())).join(" × ");
