import { toBeHex } from "ethers";

import { taggedHash } from "./abi.ts";

/** Name, element type and shape of one input or output. A dimension of 0 is left open. */
export interface TensorSpec {
  readonly name: string;
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** Whether a tensor is of the type and shape that a signature names. */
export const fitsSpec = (
  tensor: Pick<TensorSpec, "dtype" | "shape">,
  { dtype, shape }: Pick<TensorSpec, "dtype" | "shape">,
): boolean =>
  tensor.dtype === dtype &&
  tensor.shape.length === shape.length &&
  shape.every((dimension, axis) => dimension === 0 || dimension === tensor.shape[axis]);

/** All that execution or judgement of a version reads; its id is the hash of it. */
export interface VersionIdentity {
  /** sha-256 of the artifact. */
  readonly artifactDigest: string;
  /** Bytes. */
  readonly artifactSize: bigint;
  /** For example "onnx". */
  readonly format: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Verification profile; zero is none. */
  readonly profile: string;
  /** What a referee of that profile judges by; zero is none. */
  readonly graphRoot: string;
}

const SPEC = "tuple(string name, uint8 dtype, uint32[] shape)[]";
const IDENTITY = `tuple(bytes32 artifactDigest, uint64 artifactSize, string format, ${SPEC} inputs, ${SPEC} outputs, bytes32 profile, bytes32 graphRoot)`;

/** The id of a publisher's model, and its ERC-721 token id. Equal on every chain. */
export function modelId(publisher: string, slug: string): string {
  return toBeHex(BigInt(taggedHash("OPG/model", ["address", "string"], [publisher, slug])) >> 8n, 32);
}

/** The id of a version. Equal on every chain. */
export function versionId(model: string, identity: VersionIdentity): string {
  const specs = (list: readonly TensorSpec[]) => list.map(({ name, dtype, shape }) => [name, dtype, shape] as const);
  return taggedHash(
    "OPG/version",
    ["bytes32", IDENTITY],
    [
      model,
      [
        identity.artifactDigest,
        identity.artifactSize,
        identity.format,
        specs(identity.inputs),
        specs(identity.outputs),
        identity.profile,
        identity.graphRoot,
      ],
    ],
  );
}
