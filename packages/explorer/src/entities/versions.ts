import { type ReleasedVersion, releasedVersion } from "@opg-protocol/sdk";
import { ZeroHash } from "ethers";

import type { EventIndex, TimedEventNamed } from "../history/EventIndex.ts";
import { folded } from "./folded.ts";

/** What was said of a version, when and where. */
export interface Remark {
  readonly at: number;
  readonly tx: string;
}

/** A place from where a version's artifact can be fetched; foreign text. */
export interface Place extends Remark {
  readonly uri: string;
  /** Whether it came after the release. */
  readonly isMirror: boolean;
}

/** The end of new orders. */
export interface Deprecation extends Remark {
  /** What to order instead; undefined if the owner named nothing. */
  readonly successor: string | undefined;
}

/** A version as it was released, and what was said of it since. Times in unix seconds. */
export interface VersionView extends ReleasedVersion {
  /** "1.0" */
  readonly number: string;
  readonly releasedAt: number;
  readonly releasedTx: string;
  readonly places: readonly Place[];
  readonly deprecation: Deprecation | undefined;
  /** When it was shown that its answers can be disputed; undefined if never. */
  readonly admission: (Remark & { readonly referee: string }) | undefined;
}

const allVersions = folded((index: EventIndex): ReadonlyMap<string, VersionView> => {
  const mirrors = Map.groupBy(index.named("MirrorAdded"), ofVersion);
  const deprecations = new Map(index.named("VersionDeprecated").map((event) => [event.args.versionId, event]));
  const admissions = new Map(index.named("VersionAdmitted").map((event) => [event.args.versionId, event]));
  const views = index.named("VersionReleased").map((event): VersionView => {
    const version = releasedVersion(event);
    const { versionId, release } = version;
    return {
      ...version,
      number: `${release.major.toString()}.${release.minor.toString()}`,
      releasedAt: event.timestamp,
      releasedTx: event.transactionHash,
      places: [
        ...release.uris.map((uri) => ({ uri, isMirror: false, ...remark(event) })),
        ...(mirrors.get(versionId) ?? []).map((mirror) => ({
          uri: mirror.args.uri,
          isMirror: true,
          ...remark(mirror),
        })),
      ],
      deprecation: deprecationOf(deprecations.get(versionId)),
      admission: admissionOf(admissions.get(versionId)),
    };
  });
  return new Map(views.map((view) => [view.versionId, view]));
});

/** All versions, the first release first; of one model if it is given. */
export function versionsOf(index: EventIndex, modelId?: string): readonly VersionView[] {
  const all = [...allVersions(index).values()];
  return modelId === undefined ? all : all.filter((version) => version.modelId === modelId);
}

/** One version; its id in any case of letters. */
export const versionOf = (index: EventIndex, id: string): VersionView | undefined =>
  allVersions(index).get(id.toLowerCase());

const ofVersion = (event: TimedEventNamed<"MirrorAdded">): string => event.args.versionId;

const remark = (event: { readonly timestamp: number; readonly transactionHash: string }): Remark => ({
  at: event.timestamp,
  tx: event.transactionHash,
});

function deprecationOf(event: TimedEventNamed<"VersionDeprecated"> | undefined): Deprecation | undefined {
  if (event === undefined) return undefined;
  const { successor } = event.args;
  return { ...remark(event), successor: successor === ZeroHash ? undefined : successor };
}

const admissionOf = (event: TimedEventNamed<"VersionAdmitted"> | undefined): VersionView["admission"] =>
  event && { ...remark(event), referee: event.args.referee };
