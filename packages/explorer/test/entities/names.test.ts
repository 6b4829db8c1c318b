import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { CONTRACTS, type Addresses } from "@opg-protocol/sdk";

import { contractNames, isNode, nameOfModel, nameOfVersion } from "../../src/entities/names.ts";
import { EventIndex } from "../../src/history/EventIndex.ts";
import { address, event, hash } from "../support/events.ts";

const modelId = hash("model");
const versionId = hash("version");
const publisher = address(7);

const index = EventIndex.of([
  event("ModelRegistered", "registry", { modelId, publisher, slug: "digits" }, { block: 1 }),
  event(
    "VersionReleased",
    "registry",
    {
      versionId,
      modelId,
      identity: {
        artifactDigest: hash("artifact"),
        artifactSize: 10n,
        format: "onnx",
        inputs: [],
        outputs: [],
        profile: hash("profile"),
        graphRoot: hash("graph"),
      },
      release: {
        major: 1n,
        minor: 2n,
        goldenInputRoot: hash("in"),
        goldenOutputRoot: hash("out"),
        licence: "MIT",
        uris: [],
        metadataURI: "",
        metadataHash: hash("metadata"),
      },
    },
    { block: 2 },
  ),
  event(
    "NodeRegistered",
    "staking",
    { node: address(9), signer: publisher, ownStake: 1n, commissionBps: 0n, metadataURI: "" },
    { block: 3 },
  ),
]);

describe("names", () => {
  it("are the slug, and the slug with the version's number", () => {
    assert.equal(nameOfModel(index, modelId), "digits");
    assert.equal(nameOfVersion(index, versionId), "digits 1.2");
  });

  it("are ids where nothing is known", () => {
    assert.match(nameOfModel(index, hash("other")), /^0x[0-9a-f]{6}…[0-9a-f]{4}$/);
    assert.match(nameOfVersion(index, modelId), /^0x/);
  });

  it("tell nodes from other accounts, however their address is written", () => {
    assert.equal(isNode(index, address(9).toUpperCase().replace("0X", "0x")), true);
    assert.equal(isNode(index, publisher), false);
  });

  it("tell the deployment's contracts", () => {
    const entries = CONTRACTS.map((name, i) => [name, address(100 + i)]);
    const addresses = Object.fromEntries(entries) as unknown as Addresses;
    assert.equal(contractNames(addresses).get(addresses.market.toLowerCase()), "market");
  });
});
