import { getVersion } from "../actions/models/versions.ts";
import type { Client } from "../client.ts";
import { fitsSpec, type TensorSpec } from "../codecs/model.ts";
import { tensorByteLength, TensorLengthError } from "../codecs/tensor.ts";
import type { NamedTensor } from "../oip/tensors.ts";
import { SessionInputsError } from "./errors.ts";

/** What a version takes and gives, in its order. No receipt binds a node to names. */
export interface VersionSignature {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly Pick<TensorSpec, "name">[];
}

/**
 * Reads what a version takes and gives.
 * @throws NotFoundError if there is no such version.
 */
export async function readSignature(client: Client, versionId: string): Promise<VersionSignature> {
  return (await getVersion(client, { versionId })).identity;
}

/**
 * Inputs in the order of the signature, of which roots are, and which calls need not keep.
 * @throws SessionInputsError, TensorLengthError: what the version does not take, nobody should pay for.
 */
export function inOrder(given: readonly NamedTensor[], { inputs: expected }: VersionSignature): readonly NamedTensor[] {
  const inputs = expected.flatMap(
    (spec) => given.find((tensor) => tensor.name === spec.name && fitsSpec(tensor, spec)) ?? [],
  );
  if (inputs.length !== expected.length || given.length !== expected.length)
    throw new SessionInputsError(given, expected);
  for (const tensor of inputs) {
    const length = tensorByteLength(tensor);
    if (length === 0 || tensor.data.length !== length) throw new TensorLengthError(tensor, tensor.data.length, length);
  }
  return inputs;
}

export const isNamedAs = (outputs: readonly NamedTensor[], { outputs: expected }: VersionSignature): boolean =>
  outputs.length === expected.length && outputs.every(({ name }, i) => name === expected[i]?.name);
