import { z } from "zod";

import { UnexportableError } from "./UnexportableError.ts";

/** Bytes of one element, by the types that can be read. */
const ELEMENT_BYTES = { F32: 4, F16: 2, BF16: 2 } as const;
type ElementType = keyof typeof ELEMENT_BYTES;

/** A tensor of a safetensors file. */
export interface StoredTensor {
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Little-endian, row-major; a view of the file. */
  readonly bytes: Uint8Array;
}

const SUBJECT = "model.safetensors";
const LENGTH_BYTES = 8;
/** The format's own limit is 100 MB; a header of this size describes more tensors than any Llama has. */
const MAX_HEADER_BYTES = 1 << 24;

const natural = z.int().nonnegative();
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(natural).max(8),
  data_offsets: z.tuple([natural, natural]),
});

interface Entry {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads a safetensors file. It may come from anybody: reading takes memory in proportion to the header, and data is not
 * copied.
 * @throws UnexportableError if the bytes are no such file, or hold a type that is not read.
 * @custom:source https://huggingface.co/docs/safetensors: length of the header, header in JSON, data without gaps.
 */
export function readSafetensors(file: Uint8Array): ReadonlyMap<string, StoredTensor> {
  const { header, data } = parts(file);
  const tensors = new Map<string, StoredTensor>();
  let at = 0;
  for (const { name, type, shape, begin, end } of entriesOf(header).toSorted((a, b) => a.begin - b.begin)) {
    if (begin !== at) refuse(`${name} begins at byte ${begin} of the data, but what is before it ends at ${at}`);
    if (end > data.length) refuse(`${name} ends at byte ${end} of the data, which has ${data.length}`);
    tensors.set(name, { type, shape, bytes: data.subarray(begin, end) });
    at = end;
  }
  if (at !== data.length) refuse(`${data.length - at} bytes at the end belong to no tensor`);
  return tensors;
}

function parts(file: Uint8Array): { readonly header: string; readonly data: Uint8Array } {
  if (file.length < LENGTH_BYTES) refuse(`has ${file.length} bytes, fewer than the length of a header takes`);
  const length = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES))
    refuse(`says that its header has ${length} bytes, more than ${MAX_HEADER_BYTES}`);
  const end = LENGTH_BYTES + Number(length);
  if (end > file.length)
    refuse(`says that its header has ${length} bytes, but only ${file.length - LENGTH_BYTES} follow`);
  return { header: new TextDecoder().decode(file.subarray(LENGTH_BYTES, end)), data: file.subarray(end) };
}

function entriesOf(header: string): Entry[] {
  let json: unknown;
  try {
    json = JSON.parse(header);
  } catch {
    refuse("has a header that is no JSON");
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) refuse("has a header that is no JSON object");
  return Object.entries(json)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, value]) => entryOf(name, value));
}

function entryOf(name: string, value: unknown): Entry {
  const read = entrySchema.safeParse(value);
  if (!read.success) refuse(`${name} must be { "dtype": text, "shape": [size], "data_offsets": [begin, end] }`);
  const { dtype, shape, data_offsets } = read.data;
  const [begin, end] = data_offsets;
  if (!isKnown(dtype))
    refuse(`${name} has elements of type ${dtype}; ${Object.keys(ELEMENT_BYTES).join(", ")} are read`);
  const expected = shape.reduce((bytes, dimension) => bytes * dimension, ELEMENT_BYTES[dtype]);
  if (end - begin !== expected)
    refuse(
      `${name} has ${end - begin} bytes of data, but type ${dtype} and shape [${shape.join(", ")}] ask for ${expected}`,
    );
  return { name, type: dtype, shape, begin, end };
}

const isKnown = (type: string): type is ElementType => Object.hasOwn(ELEMENT_BYTES, type);

function refuse(reason: string): never {
  throw new UnexportableError(SUBJECT, reason);
}

/** The elements of a tensor as float32, which holds all types that are read. */
export function floatsOf({ type, bytes }: StoredTensor): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = bytes.length / ELEMENT_BYTES[type];
  const floats = new Float32Array(count);
  if (type === "F32") for (let i = 0; i < count; i++) floats[i] = view.getFloat32(4 * i, true);
  else if (type === "F16") for (let i = 0; i < count; i++) floats[i] = halfOf(view.getUint16(2 * i, true));
  else {
    const bits = new Uint32Array(floats.buffer);
    for (let i = 0; i < count; i++) bits[i] = view.getUint16(2 * i, true) << 16; // the upper half of a float32
  }
  return floats;
}

/** The value of an IEEE 754 half: sign, 5 bits of exponent, 10 of fraction. */
function halfOf(bits: number): number {
  const sign = bits >= 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
