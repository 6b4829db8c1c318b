import type { Tensor } from "@opg-protocol/sdk";
import { windowOf } from "@opg-protocol/sdk/completions";
import type { NamedTensor } from "@opg-protocol/sdk/oip";

import type { Executable } from "../execute/Executor.ts";

/** What a version takes and makes. */
export type Signature = Pick<Executable, "inputs" | "outputs">;

/** Whether it is a language model. */
export function isWriter(signature: Signature): boolean {
  try {
    windowOf(signature);
    return true;
  } catch {
    return false;
  }
}

/** Inputs in the order of the signature, with their names. */
export const namedInputs = ({ inputs: specs }: Signature, inputs: readonly Tensor[]): readonly NamedTensor[] =>
  inputs.map((tensor, i) => ({ ...tensor, name: specs[i]?.name ?? "" }));
