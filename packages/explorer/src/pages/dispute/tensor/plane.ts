/** A part of a tensor as a grid of numbers, with what a node claims of it beside what is right. */
import { placementOf, type ProgramStep, uncommit } from "@opg-protocol/sdk/onnx";

const [FLOAT, INT64] = [1, 7];
const SIZES: Readonly<Record<number, number>> = { 1: 4, 2: 1, 7: 8 };
const WORD = 32;
/** Most rows and columns that are shown: of a larger plane those around the contested element. */
export const WINDOW = 24;

type Placed = ProgramStep["step"];

/** Words that a node has shown of its tensor, and where they begin. */
export interface ShownWords {
  readonly first: number;
  readonly words: readonly string[];
}

/** One number of the grid. */
export interface Cell {
  readonly row: number;
  readonly column: number;
  readonly right: number;
  /** Undefined where the node has not shown it. */
  readonly claimed: number | undefined;
  readonly isContested: boolean;
}

/** One plane of a tensor, or a window of it. */
export interface Plane {
  /** Coordinates along the axes before the last two. */
  readonly leading: readonly number[];
  readonly firstRow: number;
  readonly firstColumn: number;
  readonly rows: number;
  readonly columns: number;
  /** Row by row. */
  readonly cells: readonly Cell[];
  /** Of the right numbers shown. */
  readonly least: number;
  readonly most: number;
  /** Whether the plane is larger than what is shown. */
  readonly isCut: boolean;
}

/** Which plane is shown. */
export interface PlaneChoice {
  /** Of the contested element, along each axis. */
  readonly contested: readonly number[];
  /** Along the axes before the last two; by default those of the contested element. */
  readonly leading?: readonly number[];
}

/**
 * The plane of a step's tensor that an element lies in. Pure.
 * @param right all committed words, as they should be.
 * @param shown what the node has shown of its own.
 */
export function planeOf(step: Placed, right: Uint8Array, shown: ShownWords, choice: PlaneChoice): Plane {
  const { contested } = choice;
  const leading = choice.leading ?? contested.slice(0, -2);
  const [height, width] = [step.shape.at(-2) ?? 1, step.shape.at(-1) ?? 1];
  const [y, x] = [contested.length < 2 ? 0 : (contested.at(-2) ?? 0), contested.at(-1) ?? 0];
  const [firstRow, rows] = windowOf(y, height);
  const [firstColumn, columns] = windowOf(x, width);
  const valueOf = numbersOf(step, right, shown);
  const isHere = leading.every((value, axis) => value === contested[axis]);
  const cells = Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [firstRow + Math.floor(i / columns), firstColumn + (i % columns)];
    const at = step.shape.length < 2 ? [column] : [...leading, row, column];
    return { row, column, ...valueOf(at), isContested: isHere && row === y && column === x };
  });
  const numbers = cells.map((cell) => cell.right);
  return {
    leading,
    firstRow,
    firstColumn,
    rows,
    columns,
    cells,
    least: numbers.reduce((least, value) => Math.min(least, value), Infinity),
    most: numbers.reduce((most, value) => Math.max(most, value), -Infinity),
    isCut: rows < height || columns < width,
  };
}

/** First and number of the positions around one of them. */
function windowOf(position: number, length: number): readonly [first: number, count: number] {
  const count = Math.min(WINDOW, length);
  return [Math.min(Math.max(0, position - Math.floor(count / 2)), length - count), count];
}

/** What is right and what is claimed at some coordinates. */
function numbersOf(step: Placed, right: Uint8Array, shown: ShownWords) {
  const claimed = overlaid(right, shown);
  const [data, claims] = [uncommit(step, right), uncommit(step, claimed)];
  const { strides } = placementOf(step);
  const size = SIZES[step.dtype] ?? 1;
  const [firstByte, lastByte] = [shown.first * WORD, (shown.first + shown.words.length) * WORD];
  return (at: readonly number[]): Pick<Cell, "right" | "claimed"> => {
    const place = at.reduce((sum, coordinate, axis) => sum + coordinate * (strides[axis] ?? 0), 0);
    const index = at.reduce((sum, coordinate, axis) => sum * (step.shape[axis] ?? 1) + coordinate, 0) * size;
    const isShown = place >= firstByte && place < lastByte;
    return {
      right: numberAt(step.dtype, data, index),
      claimed: isShown ? numberAt(step.dtype, claims, index) : undefined,
    };
  };
}

/** The right words with those of the node in their places. */
function overlaid(right: Uint8Array, { first, words }: ShownWords): Uint8Array {
  const claimed = right.slice();
  words.forEach((word, i) => {
    const start = (first + i) * WORD;
    for (let byte = 0; byte < WORD && start + byte < claimed.length; byte += 1)
      claimed[start + byte] = Number.parseInt(word.slice(2 + 2 * byte, 4 + 2 * byte), 16);
  });
  return claimed;
}

function numberAt(dtype: number, bytes: Uint8Array, index: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (dtype === FLOAT) return view.getFloat32(index, true);
  // The one tensor of this type is an ArgMax, which is far below 2^53.
  return dtype === INT64 ? Number(view.getBigInt64(index, true)) : view.getUint8(index);
}

/** How bright a right number is among those shown, from 0 to 1. */
export function brightness({ least, most }: Pick<Plane, "least" | "most">, value: number): number {
  return most > least ? (value - least) / (most - least) : 0;
}

const AXES: Readonly<Record<number, readonly string[]>> = {
  4: ["picture", "channel", "row", "column"],
  3: ["plane", "row", "column"],
  2: ["row", "column"],
  1: ["place"],
};

/** Coordinates in words, such as `channel 4, row 3, column 2`. A first axis of length 1 is left out. */
export function coordinatesText(shape: readonly number[], coordinates: readonly number[]): string {
  const names = AXES[shape.length] ?? shape.map((_, axis) => `axis ${axis}`);
  const parts = coordinates.map((value, axis) => `${names[axis] ?? `axis ${axis}`} ${value}`);
  return (shape.length > 2 && shape[0] === 1 ? parts.slice(1) : parts).join(", ");
}
