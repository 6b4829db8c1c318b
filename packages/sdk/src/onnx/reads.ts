/** What one element of a step's tensor is computed from: the same geometry as that of the referee. */
import { WORD } from "../codecs/merkle.ts";
import {
  at,
  attr,
  coordinatesAt,
  coordinatesOf,
  indexOf,
  inputOf,
  placeOf,
  range,
  wordOf,
  wordsFor,
} from "./geometry.ts";
import { elementSize } from "./layout.ts";
import { Opcode, type Ref, type Step } from "./program.ts";

/** Leaves of one input. */
export interface Read {
  /** Which of the step's inputs. */
  readonly input: number;
  /** Ascending; of an input that is a constant, among the leaves of all constants of the step. */
  readonly leaves: readonly number[];
}

/** All that an element is computed from. */
export interface Reads {
  readonly inputs: readonly Read[];
  /** Leaves of the step's constants, ascending. */
  readonly constants: readonly number[];
  /** Inputs whose roots are shown, if not those of all reads, one by one. */
  readonly tensors?: readonly number[];
  /** Where in its row the first maximum is, if the element says that. */
  readonly witness?: number;
}

/** The byte of an input at a place of its committed words; of an input that is a constant, among all constants of the step. */
export type ByteOf = (input: number, place: number) => number;

/** What it can depend on which words are read. */
export interface Sight {
  readonly byteOf: ByteOf;
  /** The bytes of the accused element, little-endian. */
  readonly accused: Uint8Array;
}

const CONV_GROUP = 0;
const CONV_WINDOW = 1;
const MAX_POOL_WINDOW = 0;
const TABLE_WORDS = 8;

/** Coordinates of the same row-major position in another shape. */
const reshaped = (from: readonly number[], coordinates: readonly number[], to: readonly number[]): readonly number[] =>
  coordinatesOf(to, indexOf(from, coordinates));

/** Positions inside the image along one axis, and which of the kernel's each of them is. */
function inside(step: Step, window: number, made: number, length: number): { position: number; kernel: number }[] {
  const [kernel, stride, dilation, pad] = [0, 2, 4, 6].map((i) => attr(step, window + i)) as [
    number,
    number,
    number,
    number,
  ];
  return range(made * stride - pad, kernel, dilation)
    .map((position, i) => ({ position, kernel: i }))
    .filter(({ position }) => position >= 0 && position < length);
}

/** Leaves of some channels of the pixels that a window covers. */
function window(step: Step, first: number, [n = 0, , h = 0, w = 0]: readonly number[], channel: number, count: number) {
  const input = inputOf(step, 0);
  const rows = inside(step, first, h, at(input.shape, 2));
  const columns = inside(step, first + 1, w, at(input.shape, 3));
  return rows.flatMap(({ position: y }) =>
    columns.flatMap(({ position: x }) => channels(input, [n, y, x], channel, count)),
  );
}

function channels(input: Ref, [n = 0, y = 0, x = 0]: readonly number[], channel: number, count: number): number[] {
  const first = wordOf(placeOf(input, [n, channel, y, x]));
  return range(first, wordOf(placeOf(input, [n, channel + count - 1, y, x])) - first + 1);
}

function convReads(step: Step, made: readonly number[]): Reads {
  const group = attr(step, CONV_GROUP);
  const kernel = attr(step, CONV_WINDOW) * attr(step, CONV_WINDOW + 1);
  const count = at(inputOf(step, 0).shape, 1) / group;
  const channel = Math.floor(at(made, 1) / (at(step.shape, 1) / group)) * count;
  const size = 1 + (group === 1 ? kernel * wordsFor(count) : wordsFor(kernel * count));
  return {
    inputs: [{ input: 0, leaves: window(step, CONV_WINDOW, made, channel, count) }],
    constants: range(at(made, 1) * size, size),
  };
}

function dotReads(step: Step, made: readonly number[]): Reads {
  const input = inputOf(step, 0);
  const words = wordsFor(at(input.shape, -1));
  const size = 1 + words;
  return {
    inputs: [{ input: 0, leaves: range(wordOf(placeOf(input, made.with(-1, 0))), words) }],
    constants: range(at(made, -1) * size, size),
  };
}

function argMaxReads(step: Step, made: readonly number[]): Reads {
  const input = inputOf(step, 0);
  const row = [...reshaped(step.shape, made, input.shape.slice(0, -1)), 0];
  const leaves = range(0, at(input.shape, -1)).map((i) => wordOf(placeOf(input, row.with(-1, i))));
  return { inputs: [{ input: 0, leaves: [...new Set(leaves)] }], constants: [] };
}

function concatReads(step: Step, made: readonly number[], byteOf: ByteOf): Reads {
  const axis = attr(step, 0);
  let which = 0;
  let along = at(made, axis);
  for (; along >= at(inputOf(step, which).shape, axis); which += 1) along -= at(inputOf(step, which).shape, axis);
  return tableReads(step, which, made.with(axis, along), byteOf);
}

/** One byte, and the entry of a table that it chooses. */
function tableReads(step: Step, which: number, coordinates: readonly number[], byteOf: ByteOf): Reads {
  const place = placeOf(inputOf(step, which), coordinates);
  const entry = which * TABLE_WORDS + wordOf(byteOf(which, place));
  return { inputs: [{ input: which, leaves: [wordOf(place)] }], constants: [entry] };
}

/** One word of each input, at the same coordinates or at others. */
function pointReads(step: Step, coordinates: readonly number[], constants: readonly number[] = []): Reads {
  const leaves = (input: Ref) => [wordOf(placeOf(input, coordinates))];
  return { inputs: step.inputs.map((input, i) => ({ input: i, leaves: leaves(input) })), constants };
}

function moveReads(step: Step, made: readonly number[]): Reads {
  const { shape } = inputOf(step, 0);
  if (step.attrs.length === 0) return pointReads(step, reshaped(step.shape, made, shape));
  return pointReads(
    step,
    shape.map((_, axis) => at(made, step.attrs.indexOf(BigInt(axis)))),
  );
}

/**
 * What an element is computed from.
 * @param made its coordinates.
 */
export function readsOf(step: Step, made: readonly number[], { byteOf }: Pick<Sight, "byteOf">): Reads {
  const [n = 0, channel = 0] = made;
  switch (step.opcode) {
    case Opcode.Conv:
      return convReads(step, made);
    case Opcode.Dot:
      return dotReads(step, made);
    case Opcode.Add:
      return pointReads(step, made, step.inputs.length === 1 ? [wordOf(at(made, -1))] : []);
    case Opcode.Gap: {
      const input = inputOf(step, 0);
      const [height, width] = [at(input.shape, 2), at(input.shape, 3)];
      const pixels = range(0, height * width).map((i) => [n, Math.floor(i / width), i % width]);
      return {
        inputs: [{ input: 0, leaves: pixels.flatMap((pixel) => channels(input, pixel, channel, 1)) }],
        constants: [],
      };
    }
    case Opcode.MaxPool:
      return { inputs: [{ input: 0, leaves: window(step, MAX_POOL_WINDOW, made, channel, 1) }], constants: [] };
    case Opcode.Lut:
      return tableReads(step, 0, made, byteOf);
    case Opcode.Concat:
      return concatReads(step, made, byteOf);
    case Opcode.Move:
      return moveReads(step, made);
    case Opcode.ArgMax:
      return argMaxReads(step, made);
    case Opcode.Quant:
    case Opcode.Dequant:
      return pointReads(step, made);
  }
}

/** Coordinates of the element that a word and a byte of it name; none in the padding. */
export function elementAt(step: Step, word: number, offset: number): readonly number[] | undefined {
  const size = elementSize(step.dtype);
  if (offset < 0 || offset >= WORD || offset % size !== 0)
    throw new RangeError(`No element of ${size} bytes begins at byte ${offset} of a word.`);
  return coordinatesAt(step, word * WORD + offset);
}
