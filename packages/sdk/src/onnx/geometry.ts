/** Which words of a tensor hold its elements. */
import { WORD } from "../codecs/merkle.ts";
import { type Placed, placementOf } from "./layout.ts";
import { Layout, type Ref, type Step } from "./program.ts";

/** So many numbers, each a step behind the one before. */
export const range = (first: number, count: number, step = 1): number[] =>
  Array.from({ length: count }, (_, i) => first + i * step);

/** The word that holds a byte. */
export const wordOf = (place: number): number => Math.floor(place / WORD);

/** Words that so many bytes take. */
export const wordsFor = (bytes: number): number => Math.ceil(bytes / WORD);

/** Number `i` of a list; of what is not there, zero. */
export const at = (list: readonly number[], i: number): number => list.at(i) ?? 0;

/** An attribute of a step that is a number. */
export const attr = (step: Step, i: number): number => Number(step.attrs[i] ?? 0n);

/**
 * What a step reads.
 * @throws RangeError if it has fewer inputs.
 */
export function inputOf(step: Step, i: number): Ref {
  const input = step.inputs[i];
  if (input === undefined) throw new RangeError(`The step has no input ${i}.`);
  return input;
}

/** Coordinates of the element that begins at a place of a tensor's committed words; none in the padding. */
export function coordinatesAt(placed: Placed, place: number): readonly number[] | undefined {
  const { shape, layout } = placed;
  const { strides } = placementOf(placed);
  // From the outermost axis inwards: the channels of an image are the innermost.
  const axes = layout === Layout.Image ? [0, 2, 3, 1] : [...shape.keys()];
  const coordinates = shape.map(() => 0);
  let rest = place;
  for (const axis of axes) {
    const coordinate = Math.floor(rest / at(strides, axis));
    if (coordinate >= at(shape, axis)) return undefined;
    coordinates[axis] = coordinate;
    rest -= coordinate * at(strides, axis);
  }
  return coordinates;
}

/** Place of an element among the committed words. */
export function placeOf(placed: Placed, coordinates: readonly number[]): number {
  const { strides } = placementOf(placed);
  return coordinates.reduce((place, coordinate, axis) => place + coordinate * at(strides, axis), 0);
}

/** Row-major position of an element. */
export function indexOf(shape: readonly number[], coordinates: readonly number[]): number {
  return coordinates.reduce((index, coordinate, axis) => index * at(shape, axis) + coordinate, 0);
}

/** Coordinates of the element at a row-major position. */
export function coordinatesOf(shape: readonly number[], index: number): readonly number[] {
  const coordinates = shape.map(() => 0);
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    coordinates[axis] = rest % at(shape, axis);
    rest = Math.floor(rest / at(shape, axis));
  }
  return coordinates;
}
