/**
 * Protobuf without code generation: a message is described by its fields, and reading bounds what foreign bytes can cost.
 * Scalars and lengths are read and written by protobufjs.
 */
import protobuf from "protobufjs/minimal.js";

import { joinBytes } from "../codecs/joinBytes.ts";

type Reader = protobuf.Reader;
type Writer = protobuf.Writer;

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

/** Fields that all messages of one file may have together. */
const MAX_FIELDS = 1 << 20;
/** Bytes of a name or of any other text that is read. */
const MAX_TEXT = 1 << 12;

/** Bytes that are no such message. */
export class WireError extends Error {
  override readonly name = "WireError";
}

/** How many more fields a file may have. */
interface Budget {
  fields: number;
}

/** One field of a message: how a value of it is read and written. */
export interface Field<T> {
  readonly id: number;
  /** The value of a message that does not have the field. */
  readonly absent: T;
  readonly repeated: boolean;
  /** What the field is after one more occurrence. */
  readonly read: (before: T, reader: Reader, wire: number, budget: Budget) => T;
  readonly write: (writer: Writer, value: T) => void;
}

/** A field that the description of a message does not name, with its tag, as it stood in the file. */
export interface Rest {
  readonly id: number;
  readonly bytes: Uint8Array;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- of whatever type
type Fields = Readonly<Record<string, Field<any>>>;
type ValueOf<F> = F extends Field<infer T> ? T : never;

/** A message with these fields. */
export type Message<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> } & { readonly rest: readonly Rest[] };

const tagOf = (id: number, wire: number): number => id * 8 + wire;

function expectWire(id: number, given: number, expected: number): void {
  if (given !== expected) throw new WireError(`field ${id} has wire type ${given}, not ${expected}`);
}

/** The bytes of a length-delimited value, not copied. */
function slice(reader: Reader): Uint8Array {
  const length = reader.size();
  const start = reader.pos;
  if (length > reader.len - start) throw new WireError("a length goes beyond the end");
  reader.pos = start + length;
  return reader.raw(start, reader.pos);
}

function readInt(reader: Reader): number {
  const value = Number(reader.int64()); // exact where it is safe, whether protobufjs gives a Long or a number
  if (!Number.isSafeInteger(value)) throw new WireError("an integer is beyond 2^53");
  return value;
}

/** Hands over the numbers of concatenated varints, one after the other. */
export function eachVarint(bytes: Uint8Array, take: (value: number, index: number) => void): void {
  const reader = new protobuf.Reader(bytes);
  for (let index = 0; reader.pos < reader.len; index++) take(readInt(reader), index);
}

function scalar<T>(
  id: number,
  wire: number,
  readOne: (reader: Reader) => T,
  writeOne: (writer: Writer, value: T) => void,
): Field<T | undefined> {
  return {
    id,
    absent: undefined,
    repeated: false,
    read: (_before, reader, given) => {
      expectWire(id, given, wire);
      return readOne(reader);
    },
    write: (writer, value) => {
      if (value !== undefined) writeOne(writer.uint32(tagOf(id, wire)), value);
    },
  };
}

function list<T>(
  id: number,
  readOne: (bytes: Uint8Array, budget: Budget) => T,
  writeOne: (value: T) => Uint8Array,
): Field<readonly T[]> {
  return {
    id,
    absent: [],
    repeated: true,
    read: (before, reader, wire, budget) => {
      expectWire(id, wire, BYTES);
      const values = before.length === 0 ? [] : (before as T[]);
      values.push(readOne(slice(reader), budget));
      return values;
    },
    write: (writer, values) => {
      for (const value of values) writer.uint32(tagOf(id, BYTES)).bytes(writeOne(value));
    },
  };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function readText(bytes: Uint8Array): string {
  if (bytes.length > MAX_TEXT) throw new WireError(`a text has ${bytes.length} bytes, more than ${MAX_TEXT}`);
  return utf8.decode(bytes);
}

const writeText = (text: string): Uint8Array => new TextEncoder().encode(text);

/** int32, int64 or an enum, up to 2^53. */
export const int = (id: number): Field<number | undefined> =>
  scalar(id, VARINT, readInt, (writer, value) => writer.int64(value));

/** A float32. */
export const float = (id: number): Field<number | undefined> =>
  scalar(
    id,
    FIXED32,
    (reader) => reader.float(),
    (writer, value) => writer.float(value),
  );

export const bytes = (id: number): Field<Uint8Array | undefined> =>
  scalar(id, BYTES, slice, (writer, value) => writer.bytes(value));

export const text = (id: number): Field<string | undefined> =>
  scalar(
    id,
    BYTES,
    (reader) => readText(slice(reader)),
    (writer, value) => writer.string(value),
  );

export const texts = (id: number): Field<readonly string[]> => list(id, readText, writeText);

/**
 * Repeated numbers as the bytes of their packed form, so that reading them costs no more than the file does.
 * @param wire of one number: 0 varint, 5 float32.
 */
function packed(id: number, wire: number): Field<Uint8Array | undefined> {
  return {
    id,
    absent: undefined,
    repeated: true,
    read: (before, reader, given) => {
      const start = reader.pos;
      if (given !== BYTES) expectWire(id, given, wire);
      const chunk = given === BYTES ? slice(reader) : reader.skipType(wire).raw(start, reader.pos);
      return before === undefined ? chunk : joined(id, before, chunk);
    },
    write: (writer, value) => {
      if (value !== undefined) writer.uint32(tagOf(id, BYTES)).bytes(value);
    },
  };
}

/** Bytes of a list of numbers that is written one number at a time; what is longer is packed by everybody. */
const MAX_UNPACKED = 1 << 12;

function joined(id: number, before: Uint8Array, chunk: Uint8Array): Uint8Array {
  const length = before.length + chunk.length;
  if (length > MAX_UNPACKED) throw new WireError(`field ${id} has ${length} bytes in pieces; write it packed`);
  return joinBytes([before, chunk]);
}

export const packedInts = (id: number): Field<Uint8Array | undefined> => packed(id, VARINT);
export const packedFloats = (id: number): Field<Uint8Array | undefined> => packed(id, FIXED32);

const MAX_INTS = 64;

/** A few integers, such as dimensions: at most 64. */
export const ints = (id: number): Field<readonly number[]> => {
  const { read } = packedInts(id);
  return {
    id,
    absent: [],
    repeated: true,
    read: (before, reader, wire, budget) => {
      const chunk = read(undefined, reader, wire, budget) ?? new Uint8Array();
      const all = [...before];
      if (chunk.length <= 10 * MAX_INTS) eachVarint(chunk, (value) => all.push(value));
      if (chunk.length > 10 * MAX_INTS || all.length > MAX_INTS)
        throw new WireError(`field ${id} has more than ${MAX_INTS} numbers`);
      return all;
    },
    write: (writer, values) => {
      for (const value of values) writer.uint32(tagOf(id, VARINT)).int64(value);
    },
  };
};

/** Field descriptions with the two functions that they make. */
export interface Codec<F extends Fields> {
  readonly decode: (bytes: Uint8Array, budget?: Budget) => Message<F>;
  readonly encode: (value: Message<F>) => Uint8Array;
}

/** A message with these fields. A field that is not repeated may come once. */
export function message<const F extends Fields>(fields: F): Codec<F> {
  const byId = new Map(Object.entries(fields).map(([key, field]) => [field.id, { key, field }]));

  function decode(given: Uint8Array, budget: Budget = { fields: MAX_FIELDS }): Message<F> {
    const reader = new protobuf.Reader(given);
    const values: Record<string, unknown> = {};
    const rest: Rest[] = [];
    for (const [key, field] of Object.entries(fields)) values[key] = field.absent;
    const seen = new Set<number>();
    while (reader.pos < reader.len) {
      if (--budget.fields < 0) throw new WireError(`more than ${MAX_FIELDS} fields`);
      const start = reader.pos;
      const tag = reader.tag();
      const [id, wire] = [tag >>> 3, tag & 7];
      const known = byId.get(id);
      if (known === undefined) {
        if (wire === 3 || wire === 4) throw new WireError(`field ${id} is a group`);
        reader.skipType(wire, 0, id);
        rest.push({ id, bytes: reader.raw(start, reader.pos) });
        continue;
      }
      if (seen.has(id) && !known.field.repeated) throw new WireError(`field ${id} comes twice`);
      seen.add(id);
      values[known.key] = known.field.read(values[known.key], reader, wire, budget);
    }
    return { ...values, rest } as unknown as Message<F>;
  }

  function encode(value: Message<F>): Uint8Array {
    const writer = protobuf.Writer.create();
    for (const [key, field] of Object.entries(fields)) field.write(writer, value[key]);
    for (const { bytes } of value.rest) writer.raw(bytes);
    return writer.finish();
  }

  return { decode, encode };
}

/** A message inside of another. */
export function nested<F extends Fields>(id: number, codec: Codec<F>): Field<Message<F> | undefined> {
  return {
    id,
    absent: undefined,
    repeated: false,
    read: (_before, reader, wire, budget) => {
      expectWire(id, wire, BYTES);
      return codec.decode(slice(reader), budget);
    },
    write: (writer, value) => {
      if (value !== undefined) writer.uint32(tagOf(id, BYTES)).bytes(codec.encode(value));
    },
  };
}

/** Messages inside of another. */
export const nestedList = <F extends Fields>(id: number, codec: Codec<F>): Field<readonly Message<F>[]> =>
  list(
    id,
    (given, budget) => codec.decode(given, budget),
    (value) => codec.encode(value),
  );
