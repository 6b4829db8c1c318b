import type { Program } from "@opg-protocol/sdk/onnx";

import type { LlamaConfig } from "../src/model/exportLm/config.ts";
import type { Llama } from "../src/model/exportLm/Llama.ts";
import { randomLlama, randomPassGraph } from "../src/model/exportLm/randomLlama.ts";
import { type Payload, payloadOf } from "./orders.ts";

/** Positions of the window. */
export const LENGTH = 256;

/** The layers of GPT-2's smallest model, whose vocabulary is larger. */
export const LARGE: LlamaConfig = {
  width: 768,
  innerWidth: 2048,
  layers: 12,
  heads: 12,
  keyHeads: 12,
  headWidth: 64,
  context: LENGTH,
  epsilon: 1e-5,
  theta: 10_000,
  tied: false,
};

export const largeLlama = (): Llama => randomLlama(LARGE);
export const largeGraph = (): Uint8Array => randomPassGraph(LARGE, LENGTH);

/** A window full of bytes, of which the first 32 are the prompt. The model has learnt nothing, so the rest is no answer of it. */
export function largePayload(program: Program): Payload {
  const window = Uint8Array.from({ length: LENGTH }, (_, t) => 1 + ((t * 89) % 251));
  const [prompt, text] = [window.subarray(0, 32), window.subarray(32)];
  return payloadOf(program, { prompt, limit: LENGTH, seed: 1, temperature: 256 }, text);
}
