import { readFileSync } from "node:fs";

import type { Tensor } from "../../packages/sdk/src/codecs/tensor.ts";
import { compile, DType } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { OnnxGame } from "./onnxGame.ts";
import { bytes, floats, bits } from "./scenes.ts";

/** An ONNX file with a random input, as a game sees them. */
export function gameOfFile(file: Uint8Array, seed = 5): OnnxGame {
  const random = new Random(seed);
  const program = compile(file);
  return new OnnxGame(
    program,
    program.inputs.map(({ dtype, shape }) => (dtype === DType.Float ? reals(random, shape) : bytes(random, ...shape))),
  );
}

/** Floats from -2 to 2. */
function reals(random: Random, shape: readonly number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Array.from({ length: count }, () => bits(random.int(2 ** 20) / 2 ** 18 - 2));
  return floats(values, ...shape);
}

/** The convolutional network that reads digits: the one model here that was trained. */
export const digits = (): OnnxGame =>
  gameOfFile(readFileSync(new URL("../../examples/digits/digits.onnx", import.meta.url)));
