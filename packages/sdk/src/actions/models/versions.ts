import { ZeroHash } from "ethers";

import type { Client } from "../../client.ts";
import type { VersionIdentity } from "../../codecs/model.ts";
import { interfaces } from "../../contracts.ts";
import { type ReleasedVersion, releasedVersion, type VersionRelease } from "../../entities/releasedVersion.ts";
import { NotFoundError } from "../../errors/faults.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn, parseLog } from "../../events.ts";
import { findFirstLog, findLogs, logQuery } from "../../logs.ts";
import { action } from "../action.ts";
import type { ModelParameters } from "./models.ts";

const { registry } = interfaces;
const DEPRECATED = 3n;

/** Names a version. */
export interface VersionParameters {
  readonly versionId: string;
}

/** A version as it was released, and what its model's owner said of it since. */
export interface Version extends ReleasedVersion {
  /** Where the artifact can be fetched: those of the release, then mirrors. */
  readonly uris: readonly string[];
  /** New orders are refused. */
  readonly isDeprecated: boolean;
  /** What to order instead of a deprecated version; undefined if the owner named none. */
  readonly successor: string | undefined;
}

/**
 * Reads a version: its state from storage, the rest from the logs of its release and of its mirrors.
 * @throws NotFoundError if there is no such version.
 */
export async function getVersion(client: Client, { versionId }: VersionParameters): Promise<Version> {
  const stored = await explained(client.registry.versionOf(versionId));
  if (stored.state === 0n) throw new NotFoundError("version", versionId);
  const query = logQuery("registry", ["VersionReleased"], versionId);
  const log = await findFirstLog(client, query, Number(stored.releasedBlock));
  const event = log === undefined ? undefined : parseLog(client.addresses, log);
  if (event?.name !== "VersionReleased") throw new NotFoundError("version", versionId);
  const version = releasedVersion(event);
  const hasMirrors = stored.uris > BigInt(version.release.uris.length);
  const mirrors = hasMirrors ? await findMirrors(client, versionId, event.blockNumber) : [];
  return {
    ...version,
    uris: [...version.release.uris, ...mirrors],
    isDeprecated: stored.state === DEPRECATED,
    successor: stored.successor === ZeroHash ? undefined : stored.successor,
  };
}

async function findMirrors(client: Client, versionId: string, fromBlock: number): Promise<string[]> {
  const logs = await findLogs(client, logQuery("registry", ["MirrorAdded"], versionId), fromBlock);
  const events = logs.map((log) => parseLog(client.addresses, log));
  return events.flatMap((event) => (event?.name === "MirrorAdded" ? [event.args.uri] : []));
}

/** Parameters of {@link releaseVersion}. */
export interface ReleaseVersionParameters extends ModelParameters {
  /** What is executed and judged. Its hash is the version's id. */
  readonly identity: VersionIdentity;
  /** What else is said of it, as final as the identity. */
  readonly release: VersionRelease;
}

/**
 * Releases a version of a model, and gives its id. Only for the model's owner.
 * @throws ProtocolError `RegistryNotModelOwner`, `RegistryVersionExists`, `RegistryNumberTaken`, `RegistryBadLength`,
 * `RegistryMissing`.
 */
export const releaseVersion = action(
  "registry",
  ({ modelId, identity, release }: ReleaseVersionParameters) => {
    const specs = (list: VersionIdentity["inputs"]) => list.map((spec) => ({ ...spec, shape: [...spec.shape] }));
    const { inputs, outputs } = identity;
    return registry.encodeFunctionData("release", [
      modelId,
      { ...identity, inputs: specs(inputs), outputs: specs(outputs) },
      { ...release, uris: [...release.uris] },
    ]);
  },
  { result: (mined) => releasedVersion(eventIn(mined, "VersionReleased")) },
);

/** Parameters of {@link addMirror}. */
export interface AddMirrorParameters extends VersionParameters {
  /** Where the same artifact is served: 1 to 256 bytes. */
  readonly uri: string;
}

/**
 * Adds a place from where the artifact can be fetched; a version has at most 8. Only for the model's owner.
 * @throws ProtocolError `RegistryNotModelOwner`, `RegistryUnknownVersion`, `RegistryBadLength`.
 */
export const addMirror = action("registry", ({ versionId, uri }: AddMirrorParameters) =>
  registry.encodeFunctionData("addMirror", [versionId, uri]),
);

/** Parameters of {@link deprecateVersion}. */
export interface DeprecateVersionParameters extends VersionParameters {
  /** What to order instead: another released version of the same model; by default nothing. */
  readonly successor?: string;
}

/**
 * Refuses new orders of a version. Running jobs go on, and nothing is deleted. Only for the model's owner.
 * @throws ProtocolError `RegistryNotModelOwner`, `RegistryUnknownVersion`, `RegistryVersionDeprecated`,
 * `RegistryBadSuccessor`.
 */
export const deprecateVersion = action("registry", ({ versionId, successor }: DeprecateVersionParameters) =>
  registry.encodeFunctionData("deprecate", [versionId, successor ?? ZeroHash]),
);
