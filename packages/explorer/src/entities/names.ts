import type { Addresses } from "@opg-protocol/sdk";

import type { EventIndex } from "../history/EventIndex.ts";
import { shortHash } from "../parts/format.ts";
import { sameId } from "./sameId.ts";

/** The slug of a model, else its id shortened. Slugs are of whoever registered them: show who that is beside it. */
export function nameOfModel(index: EventIndex, modelId: string): string {
  const registered = index.about(modelId).find((event) => event.name === "ModelRegistered");
  return registered?.args.slug ?? shortHash(modelId);
}

/** A version by its model's slug and its number, such as `digits 1.0`. */
export function nameOfVersion(index: EventIndex, versionId: string): string {
  const released = index
    .about(versionId)
    .filter((event) => event.name === "VersionReleased")
    .find(({ args }) => sameId(args.versionId, versionId));
  if (released === undefined) return shortHash(versionId);
  const { modelId, release } = released.args;
  return `${nameOfModel(index, modelId)} ${release.major}.${release.minor}`;
}

const nodeSets = new WeakMap<EventIndex, ReadonlySet<string>>();

/** Whether an account is a registered node. */
export function isNode(index: EventIndex, address: string): boolean {
  const nodes =
    nodeSets.get(index) ?? new Set(index.named("NodeRegistered").map(({ args }) => args.node.toLowerCase()));
  nodeSets.set(index, nodes);
  return nodes.has(address.toLowerCase());
}

const known = new WeakMap<Addresses, ReadonlyMap<string, string>>();

/** The deployment's contracts by their address in lower case. */
export function contractNames(addresses: Addresses): ReadonlyMap<string, string> {
  const found =
    known.get(addresses) ??
    new Map(Object.entries({ ...addresses }).map(([name, address]) => [address.toLowerCase(), name]));
  known.set(addresses, found);
  return found;
}
