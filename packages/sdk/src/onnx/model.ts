import {
  type Message,
  bytes,
  float,
  int,
  ints,
  message,
  nested,
  nestedList,
  packedFloats,
  packedInts,
  text,
  texts,
} from "./modelWire.ts";
import { ModelRefusedError } from "./modelRefused.ts";
import { PROFILE, type Profile } from "./program.ts";

/** Bytes that a file may have: a protobuf message cannot be longer. */
const MAX_FILE_BYTES = 2 ** 31 - 1;

/** Element types, as ONNX numbers them. */
export const DType = { Float: 1, Uint8: 2, Int8: 3, Int32: 6, Int64: 7, Bool: 9 } as const;

/** Types of attributes, as ONNX numbers them. */
export const AttributeType = { Float: 1, Int: 2, String: 3, Tensor: 4, Floats: 6, Ints: 7 } as const;

const tensorCodec = message({
  dims: ints(1),
  dataType: int(2),
  floatData: packedFloats(4),
  int32Data: packedInts(5),
  int64Data: packedInts(7),
  name: text(8),
  rawData: bytes(9),
  dataLocation: int(14),
});

const attributeCodec = message({
  name: text(1),
  f: float(2),
  i: int(3),
  s: bytes(4),
  t: nested(5, tensorCodec),
  floats: packedFloats(7),
  ints: ints(8),
  type: int(20),
});

const nodeCodec = message({
  input: texts(1),
  output: texts(2),
  name: text(3),
  opType: text(4),
  attribute: nestedList(5, attributeCodec),
  domain: text(7),
  overload: text(8),
});

const dimensionCodec = message({ value: int(1), param: text(2) });
const shapeCodec = message({ dim: nestedList(1, dimensionCodec) });
const tensorTypeCodec = message({ elemType: int(1), shape: nested(2, shapeCodec) });
const typeCodec = message({ tensorType: nested(1, tensorTypeCodec) });
const valueCodec = message({ name: text(1), type: nested(2, typeCodec) });

const graphCodec = message({
  node: nestedList(1, nodeCodec),
  name: text(2),
  initializer: nestedList(5, tensorCodec),
  input: nestedList(11, valueCodec),
  output: nestedList(12, valueCodec),
});

const opsetCodec = message({ domain: text(1), version: int(2) });

const modelCodec = message({
  irVersion: int(1),
  graph: nested(7, graphCodec),
  opsetImport: nestedList(8, opsetCodec),
});

type Decoded<C> = C extends { readonly decode: (bytes: Uint8Array) => Message<infer F> } ? Message<F> : never;

/** A constant: its values are in `rawData` (little-endian), or in the list of its type. */
export type TensorMessage = Decoded<typeof tensorCodec>;
export type AttributeMessage = Decoded<typeof attributeCodec>;
export type NodeMessage = Decoded<typeof nodeCodec>;
/** An input or output of the graph. */
export type ValueMessage = Decoded<typeof valueCodec>;
export type GraphMessage = Decoded<typeof graphCodec>;
/** An ONNX file. What is not described here (documentation, metadata, what the profile refuses) is kept in `rest`. */
export type Model = Decoded<typeof modelCodec>;

/**
 * Reads an ONNX file. It may come from anybody: reading takes memory and time in proportion to its length, and data of
 * tensors is not copied, so `bytes` must not change afterwards.
 * @param profile what the file is read for: an error names it.
 * @throws ModelRefusedError if the bytes are no ONNX file.
 */
export function readModel(bytes: Uint8Array, profile: Profile = PROFILE): Model {
  const refuse = (reason: string) => ModelRefusedError.ofFile(reason, "", profile);
  if (bytes.length > MAX_FILE_BYTES) throw refuse(`the file has ${bytes.length} bytes, more than ${MAX_FILE_BYTES}`);
  try {
    return modelCodec.decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
  } catch (error) {
    throw refuse(`this is no ONNX file: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Writes a model as an ONNX file. Reading it again gives an equal model. */
export function writeModel(model: Model): Uint8Array {
  return new Uint8Array(modelCodec.encode(model)); // protobufjs gives a Buffer of a pool where it can
}
