import { tensorByteLength } from "../codecs/tensor.ts";

/** How the protocol names element types, by the number that ONNX gives them. */
const NAMES = {
  1: "FP32",
  2: "UINT8",
  3: "INT8",
  4: "UINT16",
  5: "INT16",
  6: "INT32",
  7: "INT64",
  9: "BOOL",
  10: "FP16",
  11: "FP64",
  12: "UINT32",
  13: "UINT64",
  16: "BF16",
} as const;

/** An element type as the protocol names it. */
export type Datatype = (typeof NAMES)[keyof typeof NAMES];

/** Bytes of any length: the one element type that tensors here do not have. */
export const BYTES = "BYTES";

/** Undefined for a type that the protocol has no name for. */
export const datatypeOf = (dtype: number): Datatype | undefined => (NAMES as Readonly<Record<number, Datatype>>)[dtype];

/** The number that ONNX gives an element type; undefined for a name that no tensor here has. */
export function dtypeOf(datatype: string): number | undefined {
  const found = Object.entries(NAMES).find(([, name]) => name === datatype);
  return found === undefined ? undefined : Number(found[0]);
}

/** Bytes of one element. */
export const elementSize = (dtype: number): number => tensorByteLength({ dtype, shape: [1] });

/** Types whose values no number of JSON has been agreed on for: they travel as binary data alone. */
export const isBinaryOnly = (datatype: string): boolean => datatype === "FP16" || datatype === "BF16";
