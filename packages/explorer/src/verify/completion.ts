/** What language models write: a prompt and the text that continues it, in one window of bytes. */
import type { Tensor, TensorSpec } from "@opg-protocol/sdk";

import type { Distance } from "./distance.ts";

const UINT8 = 2;

/** Where a language model has its prompt among its inputs, and its text among its outputs. */
export interface Completion {
  readonly prompt: number;
  readonly text: number;
  /** Bytes of the window that both share; a token is a byte. */
  readonly length: number;
}

/** Inputs and outputs of a model, of a version or of its program. */
export interface Signature {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** How a model continues texts, as far as the names, types and shapes of its inputs and outputs tell; undefined of others. */
export function completionOf({ inputs, outputs }: Signature): Completion | undefined {
  const find = (specs: readonly TensorSpec[], name: string) =>
    specs.findIndex((spec) => spec.name === name && spec.dtype === UINT8 && spec.shape.length === 1);
  const [prompt, text] = [find(inputs, "prompt"), find(outputs, "text")];
  const [length = 0, made] = [inputs[prompt]?.shape[0], outputs[text]?.shape[0]];
  return length > 0 && length === made ? { prompt, text, length } : undefined;
}

/** The tokens that a model reads: prompt and text in one. */
export function tokensOf(
  { prompt, text, length }: Completion,
  inputs: readonly Tensor[],
  stated: readonly Tensor[],
): Uint8Array {
  const byteAt = (tensor: Tensor | undefined, i: number) => tensor?.data[i] ?? 0;
  return Uint8Array.from({ length }, (_, i) => byteAt(inputs[prompt], i) || byteAt(stated[text], i));
}

/** The text in a window, without the zeros around it. Foreign text, of which bytes that are no UTF-8 are replaced. */
export function windowText({ data }: Pick<Tensor, "data">): string {
  const isText = (byte: number) => byte !== 0;
  return new TextDecoder().decode(data.subarray(data.findIndex(isText), data.findLastIndex(isText) + 1));
}

/**
 * The first number of a stated output that does not come out again. All before it do, so what comes out there is what a text must
 * have at that place.
 * @param distance of what comes out from what was stated.
 */
export function firstWrongText({ first }: Distance, signature: Signature): string {
  if (first === undefined) return "";
  const { tensor, element, ours, theirs } = first;
  const completion = completionOf(signature);
  return completion?.text === tensor
    ? `The first wrong byte of the text is at position ${element} of 0 to ${completion.length - 1}: ${byteText(theirs)} was stated, ${byteText(ours)} is right.`
    : `The first number that does not come out again is number ${element} of output ${tensor}: ${theirs} was stated, ${ours} comes out.`;
}

/** A byte of a text, such as `101 (“e”)`. */
export function byteText(byte: number): string {
  if (byte === 0) return "0 (nothing)";
  const isPrintable = byte >= 0x20 && byte < 0x7f;
  return isPrintable ? `${byte} (“${String.fromCharCode(byte)}”)` : `${byte}`;
}
