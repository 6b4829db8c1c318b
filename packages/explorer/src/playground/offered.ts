/** Which versions can be ordered now, and of whom. */
import type { EventIndex } from "../history/EventIndex.ts";
import { nameOfVersion } from "../entities/names.ts";
import { isServedAt, type Served, servingsOf } from "../entities/serving.ts";
import { type VersionView, versionsOf } from "../entities/versions.ts";

/** A version that takes orders. */
export interface OfferedVersion {
  readonly version: VersionView;
  /** Foreign text. */
  readonly name: string;
  /** Nodes that can be drawn for it. */
  readonly drawn: readonly string[];
  /** Nodes that answer it alone. */
  readonly alone: readonly string[];
}

/** All versions that are not deprecated, those that nodes serve first, then the newest first. */
export function offeredVersions(index: EventIndex, time: number): readonly OfferedVersion[] {
  const served = Map.groupBy(
    servingsOf(index).filter((serving) => isServedAt(serving, time)),
    ({ versionId }) => versionId,
  );
  return versionsOf(index)
    .filter(({ deprecation }) => deprecation === undefined)
    .map((version) => {
      const all = served.get(version.versionId) ?? [];
      const name = nameOfVersion(index, version.versionId);
      return { version, name, drawn: nodesIn(all, "market"), alone: nodesIn(all, "optimistic") };
    })
    .sort((a, b) => nodesOf(b) - nodesOf(a) || b.version.releasedAt - a.version.releasedAt);
}

const nodesIn = (served: readonly Served[], contract: Served["contract"]): readonly string[] =>
  served.filter((serving) => serving.contract === contract).map(({ node }) => node);

/** For the order alone: whether anybody serves it. */
const nodesOf = ({ drawn, alone }: OfferedVersion): number => Math.min(1, drawn.length + alone.length);
