/** How a language model's inputs and output hold a text: in a window of bytes, the answer behind the prompt, zeros elsewhere. */
import { bytesTensor } from "../codecs/payload.ts";
import type { Tensor } from "../codecs/tensor.ts";
import type { NamedTensor } from "../oip/tensors.ts";

const UINT8 = 2;
const INT32 = 6;

/** What a language model takes. */
export const INPUTS = ["prompt", "limit", "seed", "temperature"] as const;
export type CompletionInput = (typeof INPUTS)[number];
/** What it makes. */
export const OUTPUT = "text";

/** Type and shape of an input, where the window has so many bytes. */
export const formOf = (name: CompletionInput, window: number): Pick<Tensor, "dtype" | "shape"> =>
  name === "prompt" ? { dtype: UINT8, shape: [window] } : { dtype: INT32, shape: [1] };

/** A number among the inputs. */
export function numberTensor(value: number): Tensor {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setInt32(0, value, true);
  return { dtype: INT32, shape: [1], data };
}

/** The output whose window holds these bytes. */
export const outputOf = (window: Uint8Array): NamedTensor => ({ name: OUTPUT, ...bytesTensor(window) });

/** A prompt as the inputs hold it. */
export interface ShownPrompt {
  /** Positions of the window. */
  readonly window: number;
  readonly prompt: Uint8Array;
  /** Whether bytes stand behind the zero that ends it. */
  readonly hasHoles: boolean;
}

/** The prompt that a call shows; an empty one of no window where it shows none. */
export function promptIn(inputs: readonly NamedTensor[]): ShownPrompt {
  const shown = dataIn(inputs, "prompt") ?? new Uint8Array();
  const prompt = untilZero(shown);
  const hasHoles = shown.subarray(prompt.length).some((byte) => byte !== 0);
  return { window: shown.length, prompt, hasHoles };
}

/** A number that a call gives; 0 where it gives none. */
export function numberIn(inputs: readonly NamedTensor[], name: Exclude<CompletionInput, "prompt">): number {
  const { buffer, byteOffset } = dataIn(inputs, name) ?? new Uint8Array(4);
  return new DataView(buffer, byteOffset).getInt32(0, true);
}

/** Position before which the text of a call ends. */
export const endIn = (inputs: readonly NamedTensor[]): number =>
  Math.min(promptIn(inputs).window, numberIn(inputs, "limit"));

/** Bytes up to the first zero, which ends a text. */
export function untilZero(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

const dataIn = (inputs: readonly NamedTensor[], name: CompletionInput): Uint8Array | undefined =>
  inputs.find((input) => input.name === name)?.data;
