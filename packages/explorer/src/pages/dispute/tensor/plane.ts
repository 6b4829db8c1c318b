/** A part of a tensor as a grid of numbers, with what a node claims of it beside what is right. */
import type { Tensor } from "@opg-protocol/sdk";
import { placementOf, type ProgramStep, uncommit } from "@opg-protocol/sdk/onnx";

import { elementAt } from "../../../verify/distance.ts";

const WORD = 32;
/** Most rows and columns that are shown: of a larger plane those around the contested element. */
export const WINDOW = 24;

type Placed = ProgramStep["step"];

/** Words that a node has shown of its tensor, and where they begin. */
export interface ShownWords {
  readonly first: number;
  readonly words: readonly string[];
}

/** One number of the grid. Whole numbers beyond 2^53 are rounded. */
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
  const tensorOf = (words: Uint8Array): Tensor => ({ ...step, data: uncommit(step, words) });
  const [data, claims] = [tensorOf(right), tensorOf(claimed)];
  const { strides } = placementOf(step);
  const [firstByte, lastByte] = [shown.first * WORD, (shown.first + shown.words.length) * WORD];
  return (at: readonly number[]): Pick<Cell, "right" | "claimed"> => {
    const place = at.reduce((sum, coordinate, axis) => sum + coordinate * (strides[axis] ?? 0), 0);
    const element = at.reduce((sum, coordinate, axis) => sum * (step.shape[axis] ?? 1) + coordinate, 0);
    const isShown = place >= firstByte && place < lastByte;
    return { right: elementAt(data, element), claimed: isShown ? elementAt(claims, element) : undefined };
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

/** Axes of the tensors of a language model. Those of tokens have a place for each one of its window. */
const WINDOW_AXES: readonly (readonly string[])[] = [
  ["token"],
  ["token", "element"],
  ["head", "token", "token looked at"],
  ["head", "token", "element"],
  ["head", "element", "token"],
];

/** What the axes of a tensor are called. @param window tokens of a language model; other models have none. */
function axesOf(shape: readonly number[], window: number | undefined): readonly string[] {
  const isThat = (names: readonly string[]) =>
    names.length === shape.length && names.every((name, axis) => !name.startsWith("token") || shape[axis] === window);
  return WINDOW_AXES.find(isThat) ?? AXES[shape.length] ?? shape.map((_, axis) => `axis ${axis}`);
}

/**
 * Coordinates in words, such as `channel 4, row 3, column 2`. A first axis of length 1 is left out.
 * @param window tokens of a language model, whose rows are those of tokens.
 */
export function coordinatesText(shape: readonly number[], coordinates: readonly number[], window?: number): string {
  const names = axesOf(shape, window);
  const parts = coordinates.map((value, axis) => `${names[axis] ?? `axis ${axis}`} ${value}`);
  return (shape.length > 2 && shape[0] === 1 ? parts.slice(1) : parts).join(", ");
}

/** The token that an element is about: of two, the one that looks at the other. Undefined where it is about none. */
export const tokenAt = (shape: readonly number[], coordinates: readonly number[], window: number): number | undefined =>
  coordinates[axesOf(shape, window).indexOf("token")];
