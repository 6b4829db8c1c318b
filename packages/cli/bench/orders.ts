import type { Tensor } from "@opg-protocol/sdk";
import { DType, type Program } from "@opg-protocol/sdk/onnx";

/** What is asked of a language model. Prompts, and texts that are stated, are bytes. */
export interface Order {
  readonly prompt: Uint8Array;
  /** Position before which the text ends. */
  readonly limit: number;
  readonly seed: number;
  /** In units of 1/256. */
  readonly temperature: number;
}

/** Tensors that a pass graph reads. */
export interface Payload {
  readonly inputs: readonly Tensor[];
  readonly stated: readonly [Tensor];
}

/** An order, and a text that is stated to be its answer. */
export function payloadOf({ outputs }: Program, order: Order, text: Uint8Array): Payload {
  const length = outputs[0]?.shape[0] ?? 0;
  const { prompt, limit, seed, temperature } = order;
  const stated = new Uint8Array(length);
  stated.set(text.subarray(0, length - prompt.length), prompt.length);
  const padded = new Uint8Array(length);
  padded.set(prompt);
  return { inputs: [bytes(padded), ...[limit, seed, temperature].map(int32)], stated: [bytes(stated)] };
}

const bytes = (data: Uint8Array): Tensor => ({ dtype: DType.Uint8, shape: [data.length], data });
const int32 = (value: number): Tensor => ({
  dtype: DType.Int32,
  shape: [1],
  data: new Uint8Array(Int32Array.of(value).buffer),
});
