import type { Tensor, TensorSpec } from "@opg-protocol/sdk";

import { type Grey, SIDE } from "./digit.ts";

const [FLOAT32, UINT8] = [1, 2];
const MOST_SIDE = 1024;

/** A picture that a model takes. */
export interface PictureShape {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** Ways to make an input, the best one first; numbers and files always go. */
export type InputWay = "draw" | "picture" | "text" | "numbers" | "file";

/** How an input of a type and shape can be made. */
export function waysOf(spec: Pick<TensorSpec, "dtype" | "shape">): readonly InputWay[] {
  if (isDigit(spec)) return ["draw", "picture", "numbers", "file"];
  if (pictureShape(spec) !== undefined) return ["picture", "numbers", "file"];
  if (spec.dtype === UINT8 && spec.shape.length === 1) return ["text", "file", "numbers"];
  return ["numbers", "file"];
}

/** Whether it is what the digits model takes. */
export const isDigit = ({ dtype, shape }: Pick<TensorSpec, "dtype" | "shape">): boolean =>
  dtype === UINT8 && shape.length === 4 && shape.slice(-2).every((side) => side === SIDE) && channelsOf(shape) === 1;

/** The picture that a type and shape mean; undefined if they mean none. */
export function pictureShape({ dtype, shape }: Pick<TensorSpec, "dtype" | "shape">): PictureShape | undefined {
  const [height = 0, width = 0] = shape.slice(-2);
  const channels = channelsOf(shape);
  const isSized = [height, width].every((side) => side >= 4 && side <= MOST_SIDE);
  if (![FLOAT32, UINT8].includes(dtype) || shape.length < 2 || !isSized || channels === undefined) return undefined;
  return { width, height, channels };
}

function channelsOf(shape: readonly number[]): 1 | 3 | undefined {
  const channels = shape.at(-3) ?? 1;
  const isOne = shape.slice(0, -3).every((size) => size <= 1);
  return isOne && (channels === 1 || channels === 3) ? channels : undefined;
}

/** A digit as the model takes it. */
export const digitTensor = ({ dtype, shape }: Pick<TensorSpec, "dtype" | "shape">, data: Uint8Array): Tensor => ({
  dtype,
  shape: shape.map((size) => (size === 0 ? 1 : size)),
  data,
});

/** Pixels (red, green, blue, alpha) as a tensor: bytes as they are, floats from 0 to 1; of one channel, their grey. */
export function pictureTensor(
  { dtype, shape }: Pick<TensorSpec, "dtype" | "shape">,
  rgba: Uint8ClampedArray,
  grey: Grey,
): Tensor {
  const size = grey.width * grey.height;
  const channels = channelsOf(shape) ?? 1;
  const values = Float32Array.from({ length: size * channels }, (_, at) =>
    channels === 1 ? (grey.pixels[at] ?? 0) : (rgba[4 * (at % size) + Math.floor(at / size)] ?? 0),
  );
  const data =
    dtype === UINT8 ? Uint8Array.from(values, Math.round) : new Uint8Array(values.map((value) => value / 255).buffer);
  return digitTensor({ dtype, shape }, data);
}
