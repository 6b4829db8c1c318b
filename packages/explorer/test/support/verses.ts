/** The language model of the examples, and texts that it writes. */
import { readFileSync } from "node:fs";

import type { Tensor, VersionIdentity } from "@opg-protocol/sdk";
import { compile, Executor, INTEGER_PROFILE } from "@opg-protocol/sdk/onnx";
import { encodeBytes32String, sha256 } from "ethers";

import type { Completion } from "../../src/verify/completion.ts";
import { shownTo } from "../../src/verify/program.ts";

const [UINT8, INT32] = [2, 6];
/** Bytes that prompt and text share. */
export const LENGTH = 64;
export const COMPLETION: Completion = { prompt: 0, text: 0, length: LENGTH };
export const VERSES = new Uint8Array(
  readFileSync(new URL("../../../../examples/models/verses/pass-64.onnx", import.meta.url)),
);
export const program = compile(VERSES, INTEGER_PROFILE);
export const executor = new Executor(program);

/** Bytes in the window of a text, from a place on. */
export function windowOf(text: string, from = 0): Tensor {
  const data = new Uint8Array(LENGTH);
  data.set(new TextEncoder().encode(text), from);
  return { dtype: UINT8, shape: [LENGTH], data };
}

const int32 = (value: number): Tensor => ({
  dtype: INT32,
  shape: [1],
  data: new Uint8Array(Int32Array.of(value).buffer),
});

/** An order for a text. A temperature of 0 takes the likeliest byte. */
export const asked = (prompt: string, { limit = LENGTH, seed = 7, temperature = 0 } = {}): readonly Tensor[] => [
  windowOf(prompt),
  int32(limit),
  int32(seed),
  int32(temperature),
];

/** The text that continues a prompt. */
export async function completed(input: readonly Tensor[]): Promise<Tensor> {
  const [text] = await shownTo(executor, input, undefined);
  if (text === undefined) throw new Error("The model is shown its text.");
  return text;
}

/** The same text with another byte at a place. */
export const withByte = (tensor: Tensor, place: number, byte: string): Tensor => ({
  ...tensor,
  data: tensor.data.with(place, byte.charCodeAt(0)),
});

export const VERSES_IDENTITY: VersionIdentity = {
  artifactDigest: sha256(VERSES),
  artifactSize: BigInt(VERSES.length),
  format: "onnx",
  inputs: program.inputs.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
  outputs: program.outputs.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
  profile: encodeBytes32String(INTEGER_PROFILE),
  graphRoot: program.graphRoot,
};
