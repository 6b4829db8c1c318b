import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { ZeroHash } from "ethers";

import { EventIndex, type TimedEvent } from "../../src/history/EventIndex.ts";
import { offeredVersions } from "../../src/playground/offered.ts";
import { address, event, GENESIS, hash } from "../support/events.ts";

const modelId = hash("model");
const [node, other] = [address(1), address(2)];
const NOW = GENESIS + 1_000;

const released = (word: string, minor: bigint, block: number): TimedEvent =>
  event(
    "VersionReleased",
    "registry",
    {
      versionId: hash(word),
      modelId,
      identity: {
        ...{ artifactDigest: hash("file"), artifactSize: 1n, format: "onnx", profile: ZeroHash, graphRoot: ZeroHash },
        ...{ inputs: [], outputs: [] },
      },
      release: {
        ...{ major: 1n, minor, goldenInputRoot: ZeroHash, goldenOutputRoot: ZeroHash, licence: "MIT" },
        ...{ uris: [], metadataURI: "", metadataHash: ZeroHash },
      },
    },
    { block },
  );
const served = (
  word: string,
  by: string,
  contract: "market" | "optimistic",
  endsAt: number,
  block: number,
): TimedEvent =>
  event(
    "ServingSet",
    contract,
    { node: by, versionId: hash(word), weight: 1n, maxLock: 5n, endsAt: BigInt(endsAt) },
    { block },
  );

describe("playground: versions on offer", () => {
  it("puts those that nodes serve first, and counts who serves them now", () => {
    const index = EventIndex.of([
      event("ModelRegistered", "registry", { modelId, publisher: node, slug: "digits" }, { block: 1 }),
      released("old", 0n, 2),
      released("new", 1n, 3),
      served("old", node, "market", NOW + 1, 4),
      served("old", other, "market", NOW, 5),
      served("old", other, "optimistic", NOW + 1, 6),
    ]);
    const [first, second] = offeredVersions(index, NOW);
    assert.deepEqual([first?.name, first?.drawn, first?.alone], ["digits 1.0", [node], [other]]);
    assert.deepEqual([second?.name, second?.drawn, second?.alone], ["digits 1.1", [], []]);
  });

  it("leaves out what is deprecated", () => {
    const index = EventIndex.of([
      released("old", 0n, 2),
      event("VersionDeprecated", "registry", { versionId: hash("old"), successor: ZeroHash }, { block: 3 }),
    ]);
    assert.deepEqual(offeredVersions(index, NOW), []);
  });
});
