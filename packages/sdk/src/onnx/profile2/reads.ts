/** What one element of a step of the profile `onnx-int8/2` is computed from: the same geometry as that of its referee. */
import { at, attr, coordinatesOf, indexOf, inputOf, placeOf, range, wordOf, wordsFor } from "../geometry.ts";
import { elementSize, placementOf, sizeOf } from "../layout.ts";
import { DType } from "../model.ts";
import { CONSTANT, type Ref, type Step } from "../program.ts";
import type { Read, Reads, Sight } from "../reads.ts";
import { runProgram } from "./mapProgram.ts";
import { IntegerOpcode } from "./program.ts";

type Reader = (step: Step, made: readonly number[], sight: Sight) => Reads;

const NOTHING: Reads = { inputs: [], constants: [] };

/** Bytes of the constants that earlier inputs name: they lie one after the other. */
function bytesBefore(step: Step, input: number): number {
  const constants = step.inputs.slice(0, input).filter(({ from }) => from === CONSTANT);
  return constants.reduce((bytes, constant) => bytes + placementOf(constant).byteLength, 0);
}

/** Place of an element of an input, by its row-major index; of a constant, among all constants of the step. */
function placeIn(step: Step, input: number, index: number): number {
  const ref = inputOf(step, input);
  const place = placeOf(ref, coordinatesOf(ref.shape, index));
  return ref.from === CONSTANT ? bytesBefore(step, input) + place : place;
}

/** The word of an element. */
const elementRead = (step: Step, input: number, index: number): Read => ({
  input,
  leaves: [wordOf(placeIn(step, input, index))],
});

/** No word: an index leads beside the input. */
const unread = (input: number): Read => ({ input, leaves: [] });

const isBelow = (count: number, index: bigint): boolean => index >= 0n && index < BigInt(count);

/** All words of a row. */
function rowRead(step: Step, input: number, row: number): Read {
  const { dtype, shape } = inputOf(step, input);
  const words = wordsFor(at(shape, -1) * elementSize(dtype));
  return { input, leaves: range(row * words, words) };
}

/** An element of an input as a number. */
function elementOf(step: Step, input: number, index: number, { byteOf }: Sight): bigint {
  const { dtype } = inputOf(step, input);
  const place = placeIn(step, input, index);
  return integerOf(
    dtype,
    Uint8Array.from({ length: elementSize(dtype) }, (_, i) => byteOf(input, place + i)),
  );
}

/** The number whose bytes these are. */
function integerOf(dtype: number, bytes: Uint8Array): bigint {
  const bits = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const isSigned = dtype === DType.Int32 || dtype === DType.Int64;
  return isSigned ? BigInt.asIntN(8 * bytes.length, bits) : bits;
}

const dotReads: Reader = (step, made) => {
  const [row, columns] = [indexOf(step.shape.slice(0, -1), made.slice(0, -1)), at(step.shape, -1)];
  if (step.inputs.length === 2) {
    const matrix = Math.floor(row / at(step.shape, -2));
    return { inputs: [rowRead(step, 0, row), rowRead(step, 1, matrix * columns + at(made, -1))], constants: [] };
  }
  const words = wordsFor(at(inputOf(step, 0).shape, -1));
  return { inputs: [rowRead(step, 0, row)], constants: range(at(made, -1) * words, words) };
};

/** Of an operand, the element that stands where another one does in what is made. */
function broadcastIndex({ shape }: Ref, made: readonly number[]): number {
  const aligned = made.slice(made.length - shape.length);
  return indexOf(
    shape,
    shape.map((size, axis) => (size === 1 ? 0 : at(aligned, axis))),
  );
}

const mapReads: Reader = (step, made, sight) => {
  const operands = range(0, attr(step, 0));
  const places = operands.map((input) => broadcastIndex(inputOf(step, input), made));
  const entries: Read[] = [];
  // Where a table has no such entry nothing is right, and whatever would be looked up after that is not looked at.
  const look = (table: number, entry: bigint): bigint => {
    const isThere = isBelow(at(inputOf(step, table).shape, 0), entry);
    entries.push(isThere ? elementRead(step, table, Number(entry)) : unread(table));
    return isThere ? elementOf(step, table, Number(entry), sight) : 0n;
  };
  const values = operands.map((input) => elementOf(step, input, at(places, input), sight));
  runProgram(step.attrs, values, look);
  return {
    inputs: [...operands.map((input) => elementRead(step, input, at(places, input))), ...entries],
    constants: [],
    tensors: operands.filter((input) => inputOf(step, input).from !== CONSTANT),
  };
};

/** Which row of the input an element is made of. */
const rowOf = (step: Step, made: readonly number[]): number => indexOf(step.shape, made);

const sumReads: Reader = (step, made) => ({ inputs: [rowRead(step, 0, rowOf(step, made))], constants: [] });

const argMaxReads: Reader = (step, made, sight) => {
  const length = at(inputOf(step, 0).shape, -1);
  const first = rowOf(step, made) * length;
  const named = integerOf(DType.Int64, sight.accused);
  if (!isBelow(length, named)) return NOTHING;
  const row = range(first, length).map((index) => elementOf(step, 0, index, sight));
  const witness = row.indexOf(row.reduce((most, element) => (element > most ? element : most)));
  const inputs = [Number(named), witness].map((column) => elementRead(step, 0, first + column));
  return { inputs, constants: [], tensors: [0], witness };
};

const takeReads: Reader = (step, made, sight) => {
  const index = indexOf(step.shape, made);
  const length = at(inputOf(step, 0).shape, -1);
  const column = elementOf(step, 1, index, sight);
  const row = Math.floor(index / at(step.shape, -1));
  const element = isBelow(length, column) ? elementRead(step, 0, row * length + Number(column)) : unread(0);
  return { inputs: [element, elementRead(step, 1, index)], constants: [] };
};

const rowsReads: Reader = (step, made, sight) => {
  const rank = inputOf(step, 0).shape.length;
  const { shape } = inputOf(step, 1);
  const index = indexOf(step.shape.slice(0, rank), made.slice(0, rank));
  const row = elementOf(step, 0, index, sight);
  const element = indexOf(shape, [Number(row), ...made.slice(rank)]);
  const { leaves } = isBelow(at(shape, 0), row) ? elementRead(step, 1, element) : unread(1);
  return { inputs: [elementRead(step, 0, index)], constants: leaves };
};

const moveReads: Reader = (step, made) => {
  const digits = attr(step, 0);
  let rest = indexOf(step.shape, made);
  let index = attr(step, digits + 1);
  for (let i = digits; i > 0; i -= 1) {
    index += (rest % attr(step, i)) * attr(step, digits + 1 + i);
    rest = Math.floor(rest / attr(step, i));
  }
  const count = sizeOf(inputOf(step, 0).shape);
  return index < 0 || index >= count ? NOTHING : { inputs: [elementRead(step, 0, index)], constants: [] };
};

const joinReads: Reader = (step, made) => {
  const axis = attr(step, 0);
  let input = 0;
  let along = at(made, axis);
  for (; along >= at(inputOf(step, input).shape, axis); input += 1) along -= at(inputOf(step, input).shape, axis);
  return {
    inputs: [elementRead(step, input, indexOf(inputOf(step, input).shape, made.with(axis, along)))],
    constants: [],
  };
};

const READERS: Readonly<Record<IntegerOpcode, Reader>> = {
  [IntegerOpcode.Dot]: dotReads,
  [IntegerOpcode.Map]: mapReads,
  [IntegerOpcode.Sum]: sumReads,
  [IntegerOpcode.ArgMax]: argMaxReads,
  [IntegerOpcode.Take]: takeReads,
  [IntegerOpcode.Rows]: rowsReads,
  [IntegerOpcode.Move]: moveReads,
  [IntegerOpcode.Join]: joinReads,
};

/**
 * What an element is computed from.
 * @param made its coordinates.
 */
export function integerReadsOf(step: Step, made: readonly number[], sight: Sight): Reads {
  return READERS[step.opcode as IntegerOpcode](step, made, sight);
}
