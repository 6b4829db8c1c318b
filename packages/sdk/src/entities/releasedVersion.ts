import type { TensorSpec, VersionIdentity } from "../codecs/model.ts";
import type { EventNamed } from "../events.ts";

/** What the owner of a model says about a version beside its identity. It is final, too. */
export interface VersionRelease {
  readonly major: number;
  readonly minor: number;
  /** Payload root of a test input. */
  readonly goldenInputRoot: string;
  /** And of the output that every node must get for it. */
  readonly goldenOutputRoot: string;
  /** SPDX expression. */
  readonly licence: string;
  /** Where the artifact can be fetched: https, ipfs, file. */
  readonly uris: readonly string[];
  readonly metadataURI: string;
  /** sha-256 of what `metadataURI` serves. */
  readonly metadataHash: string;
}

/** A version as it was released. */
export interface ReleasedVersion {
  readonly versionId: string;
  readonly modelId: string;
  readonly identity: VersionIdentity;
  readonly release: VersionRelease;
}

/** The version that an event carries. */
export function releasedVersion({ args }: EventNamed<"VersionReleased">): ReleasedVersion {
  const { versionId, modelId, identity, release } = args;
  return {
    versionId,
    modelId,
    identity: { ...identity, inputs: identity.inputs.map(specOf), outputs: identity.outputs.map(specOf) },
    release: { ...release, major: Number(release.major), minor: Number(release.minor) },
  };
}

type EventSpec = EventNamed<"VersionReleased">["args"]["identity"]["inputs"][number];

const specOf = ({ name, dtype, shape }: EventSpec): TensorSpec => ({
  name,
  dtype: Number(dtype),
  shape: shape.map(Number),
});
