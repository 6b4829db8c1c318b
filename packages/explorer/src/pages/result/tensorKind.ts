import type { Tensor } from "@opg-protocol/sdk";

import { windowText } from "../../verify/completion.ts";
import { countOf } from "../../verify/distance.ts";
import { valuesOf } from "./tensorValues.ts";

const [FLOAT32, UINT8] = [1, 2];
/** Rows and columns from which a table of numbers is looked at as a picture. */
const LEAST_SIDE = 4;
const MOST_SIDE = 2048;
const MOST_CLASSES = 64;
const MOST_TEXT = 65_536;

/** Pixels of a picture, row by row: one number each, or three. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** Grey, or red, green and blue. */
  readonly channels: 1 | 3;
}

/** How a tensor is shown. */
export type TensorKind =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "picture"; readonly plane: Plane }
  | { readonly kind: "heat"; readonly width: number; readonly height: number }
  | { readonly kind: "scores" }
  | { readonly kind: "number" }
  | { readonly kind: "numbers" };

/**
 * How a tensor is best shown, as far as its type, shape and numbers tell.
 * @param isWindow whether it is the window of a text, with zeros around it.
 */
export function kindOf(tensor: Tensor, isWindow = false): TensorKind {
  if (isWindow) return { kind: "text", text: windowText(tensor) };
  const text = textOf(tensor);
  if (text !== undefined) return { kind: "text", text };
  if (countOf(tensor) === 1) return { kind: "number" };
  const plane = planeOf(tensor.shape);
  if (plane !== undefined && isPictureLike(tensor)) return { kind: "picture", plane };
  if (plane?.channels === 1) return { kind: "heat", width: plane.width, height: plane.height };
  return isList(tensor.shape) ? { kind: "scores" } : { kind: "numbers" };
}

/** Bytes that are text, as text: readable UTF-8 of rank 1. */
function textOf({ dtype, shape, data }: Tensor): string | undefined {
  if (dtype !== UINT8 || shape.length !== 1 || data.length > MOST_TEXT) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(data);
    return /[^\P{Cc}\n\r\t]/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Height and width of the last two dimensions, if those before are one, or three channels. */
function planeOf(shape: readonly number[]): Plane | undefined {
  const [height = 0, width = 0] = shape.slice(-2);
  const isSized = [height, width].every((side) => side >= LEAST_SIDE && side <= MOST_SIDE);
  if (shape.length < 2 || shape.length > 4 || !isSized) return undefined;
  const channels = shape.at(-3) ?? 1;
  if (shape.at(-4) !== undefined && shape.at(-4) !== 1) return undefined;
  return channels === 1 || channels === 3 ? { width, height, channels } : undefined;
}

/** Bytes, or floats between 0 and 1, that are not all alike. */
function isPictureLike(tensor: Tensor): boolean {
  if (tensor.dtype === UINT8) return true;
  if (tensor.dtype !== FLOAT32) return false;
  return valuesOf(tensor).every((value) => value >= 0 && value <= 1);
}

/** A single row of not too many numbers, one for each class. */
const isList = (shape: readonly number[]): boolean => {
  const last = shape.at(-1) ?? 0;
  return last >= 2 && last <= MOST_CLASSES && shape.slice(0, -1).every((dimension) => dimension === 1);
};

/** The pixels of a picture in red, green, blue and alpha, as a canvas takes them. */
export function pixelsOf(tensor: Tensor, { width, height, channels }: Plane): Uint8ClampedArray<ArrayBuffer> {
  const values = valuesOf(tensor);
  const scale = tensor.dtype === UINT8 ? 1 : 255;
  const size = width * height;
  const pixels = new Uint8ClampedArray(4 * size);
  for (let at = 0; at < size; at += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      pixels[4 * at + channel] = (values[channels === 1 ? at : channel * size + at] ?? 0) * scale;
    }
    pixels[4 * at + 3] = 255;
  }
  return pixels;
}
