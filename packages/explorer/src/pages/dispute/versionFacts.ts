/** What the registry says of a version, as far as disputes need it. */
import { ZeroHash } from "ethers";

import type { EventIndex } from "../../history/EventIndex.ts";

const identityOf = (index: EventIndex, versionId: string) =>
  index.about(versionId).find((event) => event.name === "VersionReleased")?.args.identity;

/** Bytes of its file. */
export const sizeOfVersion = (index: EventIndex, versionId: string): bigint | undefined =>
  identityOf(index, versionId)?.artifactSize;

/** Whether it names a profile and a graph, so that a referee can judge what is stated about it. */
export function isJudged(index: EventIndex, versionId: string): boolean {
  const graphRoot = identityOf(index, versionId)?.graphRoot;
  return graphRoot !== undefined && graphRoot !== ZeroHash;
}
