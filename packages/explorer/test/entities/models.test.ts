import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { stepsUntil } from "../../src/entities/announced.ts";
import { lookalikesOf, skeletonOf } from "../../src/entities/lookalikes.ts";
import { modelOf, modelsOf, royaltyOf, versionOf, versionsOf } from "../../src/entities/models.ts";
import { dtypeName, shapeText } from "../../src/entities/tensorSpecs.ts";
import { EventIndex, type TimedEvent } from "../../src/history/EventIndex.ts";
import { address, event, hash, timeOf } from "../support/events.ts";

const modelId = `0x00${hash("model").slice(4)}`;
const versionId = hash("version");
const [publisher, buyer, requester] = [address(1), address(2), address(3)];
const ZERO = `0x${"0".repeat(64)}`;

const registered = (block = 1, slug = "digits", id = modelId, by = publisher): TimedEvent =>
  event("ModelRegistered", "registry", { modelId: id, publisher: by, slug }, { block });
const transferred = (from: string, to: string, block: number): TimedEvent =>
  event("Transfer", "registry", { from, to, tokenId: BigInt(modelId) }, { block });
const royalty = (value: bigint, effectiveAt: number, block: number): TimedEvent =>
  event("RoyaltySet", "registry", { modelId, royalty: value, effectiveAt: BigInt(effectiveAt) }, { block });
const released = (block = 2, id = versionId, minor = 0n): TimedEvent =>
  event(
    "VersionReleased",
    "registry",
    {
      versionId: id,
      modelId,
      identity: {
        ...{ artifactDigest: hash("file"), artifactSize: 12n, format: "onnx", profile: ZERO, graphRoot: hash("graph") },
        inputs: [{ name: "x", dtype: 3n, shape: [1n, 28n, 28n] }],
        outputs: [{ name: "y", dtype: 7n, shape: [] }],
      },
      release: {
        ...{ major: 1n, minor, goldenInputRoot: hash("in"), goldenOutputRoot: hash("out"), licence: "MIT" },
        ...{ uris: ["https://a.example/m"], metadataURI: "", metadataHash: ZERO },
      },
    },
    { block },
  );

const model = (...events: readonly TimedEvent[]) => {
  const found = modelOf(EventIndex.of([registered(), ...events]), modelId);
  assert.ok(found);
  return found;
};

describe("modelsOf", () => {
  it("knows no model without events", () => {
    assert.deepEqual(modelsOf(EventIndex.EMPTY), []);
    assert.equal(modelOf(EventIndex.EMPTY, modelId), undefined);
  });

  it("gives a model to its publisher at first, and to whoever got its token", () => {
    assert.equal(model(transferred(address(0), publisher, 1)).owner, publisher);
    const sold = model(transferred(address(0), publisher, 1), transferred(publisher, buyer, 5));
    assert.deepEqual([sold.publisher, sold.owner, sold.transfers.length], [publisher, buyer, 1]);
  });

  it("does not take a transfer of OPG for one of a model", () => {
    const paid = event("Transfer", "token", { from: publisher, to: buyer, value: BigInt(modelId) }, { block: 3 });
    assert.equal(model(paid).owner, publisher);
  });

  it("keeps the list of requesters", () => {
    const allow = (allowed: boolean, block: number) =>
      event("RequesterAllowed", "registry", { modelId, requester, allowed }, { block });
    const restricted = event("RestrictionSet", "registry", { modelId, restricted: true }, { block: 2 });
    assert.deepEqual(
      model(restricted, allow(true, 3)).listed.map((entry) => entry.requester),
      [requester],
    );
    const struck = model(restricted, allow(true, 3), allow(true, 4), allow(false, 5));
    assert.deepEqual([struck.isRestricted, struck.listed], [true, []]);
  });
});

describe("royaltyOf", () => {
  it("lets a cut hold at once, and a rise when it is due", () => {
    const later = timeOf(10);
    const found = model(royalty(5n, timeOf(1), 1), royalty(3n, timeOf(4), 4), royalty(9n, later, 6));
    assert.deepEqual(royaltyOf(found, timeOf(3)).current?.value, 5n);
    const waiting = royaltyOf(found, timeOf(7));
    assert.deepEqual([waiting.current?.value, waiting.next?.value, waiting.next?.effectiveAt], [3n, 9n, later]);
    assert.deepEqual([royaltyOf(found, later).current?.value, royaltyOf(found, later).next], [9n, undefined]);
    assert.deepEqual(
      stepsUntil(found.royalties, later).map(([, value]) => value),
      [5n, 3n, 9n],
    );
  });

  it("forgets a rise that another announcement replaced before its time", () => {
    const found = model(royalty(5n, timeOf(1), 1), royalty(9n, timeOf(10), 2), royalty(7n, timeOf(12), 4));
    const { current, next } = royaltyOf(found, timeOf(11));
    assert.deepEqual([current?.value, next?.value], [5n, 7n]);
  });

  it("keeps a rise in force whose time had come when the next was announced", () => {
    const found = model(royalty(5n, timeOf(1), 1), royalty(9n, timeOf(3), 2), royalty(12n, timeOf(20), 5));
    assert.deepEqual(royaltyOf(found, timeOf(6)).current?.value, 9n);
  });

  it("has none before the first", () => {
    assert.deepEqual(royaltyOf(model(), timeOf(9)), { current: undefined, next: undefined });
  });
});

describe("versionsOf", () => {
  it("tells what was released, and what was said since", () => {
    const successor = hash("next");
    const index = EventIndex.of([
      registered(),
      released(),
      released(3, successor, 1n),
      event("MirrorAdded", "registry", { versionId, uri: "ipfs://b" }, { block: 4 }),
      event("VersionAdmitted", "disputes", { versionId, referee: address(8) }, { block: 5 }),
      event("VersionDeprecated", "registry", { versionId, successor }, { block: 6 }),
    ]);
    assert.deepEqual(
      versionsOf(index, modelId).map(({ number }) => number),
      ["1.0", "1.1"],
    );
    assert.deepEqual(versionsOf(index, hash("other")), []);
    const version = versionOf(index, versionId.toUpperCase().replace("0X", "0x"));
    assert.ok(version);
    assert.deepEqual(
      version.places.map(({ uri, isMirror }) => [uri, isMirror]),
      [
        ["https://a.example/m", false],
        ["ipfs://b", true],
      ],
    );
    assert.equal(version.deprecation?.successor, successor);
    assert.equal(version.deprecation.at, timeOf(6));
    assert.equal(version.admission?.referee, address(8));
    assert.equal(modelOf(index, modelId)?.versions.length, 2);
  });

  it("names no successor where the owner named none", () => {
    const index = EventIndex.of([
      released(),
      event("VersionDeprecated", "registry", { versionId, successor: ZERO }, { block: 6 }),
    ]);
    assert.deepEqual(versionOf(index, versionId)?.deprecation?.successor, undefined);
  });
});

describe("lookalikes", () => {
  it("have one skeleton, whatever is easily overlooked [T152]", () => {
    for (const name of ["Digits", "d1gits", "dig-its", "dígits", "ｄｉｇｉｔｓ", "DIGITS\u0301"]) {
      assert.equal(skeletonOf(name), skeletonOf("digits"), name);
    }
    assert.equal(skeletonOf("m0dern"), skeletonOf("rnodem"));
    assert.notEqual(skeletonOf("digits"), skeletonOf("digest"));
  });

  it("are models of other publishers, also with the same name", () => {
    const mine = { slug: "digits", publisher };
    const same = { slug: "digits", publisher: buyer };
    const near = { slug: "d1gits", publisher: requester };
    const own = { slug: "dig-its", publisher };
    const alone = { slug: "volatility", publisher };
    const found = lookalikesOf([mine, same, near, own, alone]);
    assert.deepEqual(found.get(mine), [same, near]);
    assert.deepEqual(found.get(same), [mine, near, own]);
    assert.equal(found.get(alone), undefined);
  });

  it("do not warn of a publisher's own names", () => {
    assert.equal(
      lookalikesOf([
        { slug: "a-b", publisher },
        { slug: "ab", publisher },
      ]).size,
      0,
    );
  });

  it("are told with each model", () => {
    const other = hash("other model");
    const index = EventIndex.of([registered(), registered(2, "d1gits", other, buyer)]);
    assert.deepEqual(
      modelOf(index, modelId)?.lookalikes.map(({ slug }) => slug),
      ["d1gits"],
    );
  });
});

describe("signatures", () => {
  it("are named as people know them", () => {
    assert.deepEqual([dtypeName(3), dtypeName(1), dtypeName(99)], ["int8", "float32", "dtype 99"]);
    assert.deepEqual([shapeText([1, 0, 28]), shapeText([])], ["1 × ? × 28", "one value"]);
  });
});
