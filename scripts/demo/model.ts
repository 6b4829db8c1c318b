/** The digits model as its owner publishes it, and what it says. */
import { join } from "node:path";

import type { Client, Tensor } from "@opg-protocol/sdk";

import { SIDE } from "../../packages/explorer/src/playground/digit.ts";
import { loadPicture } from "./picture.ts";
import {
  EXAMPLES,
  type ExampleModel,
  FLOAT32,
  publish,
  type Published,
  runModel,
  type Shelf,
  UINT8,
} from "./publish.ts";

const FOLDER = join(EXAMPLES, "digits");

export const imageTensor = (pixels: Uint8Array): Tensor => ({ dtype: UINT8, shape: [1, 1, SIDE, SIDE], data: pixels });

export const DIGITS: ExampleModel = {
  slug: "digits",
  name: "Handwritten digits",
  description: "Reads one handwritten digit from an 8x8 picture.",
  artifact: join(FOLDER, "digits.onnx"),
  input: { name: "image", dtype: UINT8, shape: [1, 1, SIDE, SIDE] },
  output: { name: "logits", dtype: FLOAT32, shape: [1, 10] },
  golden: imageTensor(loadPicture(join(FOLDER, "pictures", "five-1.png"))),
};

/**
 * Registers the model and releases its first version.
 * @param isJudged whether the version names its profile and graph, so that answers can be proven wrong.
 */
export const publishDigits = (client: Client, shelf: Shelf, isJudged: boolean): Promise<Published> =>
  publish(client, shelf, DIGITS, isJudged);

/** What anybody finds who runs the model on unmodified ONNX Runtime. */
export function runDigits(artifact: Uint8Array, [image]: readonly Tensor[]): Promise<Tensor> {
  if (image === undefined) throw new RangeError("There is no picture to read");
  return runModel(artifact, DIGITS, image);
}

/** What the model says of each digit, as shares of 1 (softmax), largest first. */
export function rank(output: Tensor): readonly { readonly digit: number; readonly share: number }[] {
  const logits = new Float32Array(output.data.slice().buffer);
  const most = Math.max(...logits);
  const weights = [...logits].map((value) => Math.exp(value - most));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight, digit) => ({ digit, share: weight / sum })).sort((a, b) => b.share - a.share);
}
