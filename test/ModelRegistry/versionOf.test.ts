import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { versionId } from "../../packages/sdk/src/codecs/model.ts";
import { DETAILS, IDENTITY, released } from "../support/fixtures.ts";
import { ethers, loadFixture } from "../support/network.ts";

const FIELDS = ["modelId", "state", "releasedBlock", "major", "minor", "uris", "successor"] as const;

describe("ModelRegistry.versionOf", () => {
  context("given a released version", () => {
    it("gives what storage keeps, and the block whose event has the rest", async () => {
      const { registry, model, version } = await loadFixture(released);
      const block = BigInt(await ethers.provider.getBlockNumber());
      expect(await registry.versionOf(version)).to.deep.equal([BigInt(model), 1n, block, 1n, 0n, 1n, ZeroHash]);
    });

    it("stays the same whatever is done to it and its model, but for state, mirrors and successor [I33]", async () => {
      const { registry, publisher, stranger, model, version } = await loadFixture(released);
      const before = await registry.versionOf(version);
      const owned = registry.connect(publisher);
      const next = { ...IDENTITY, artifactDigest: id("next artifact") };
      await owned.release(model, next, { ...DETAILS, minor: 1 });
      await owned.addMirror(version, "https://mirror.example/digits.onnx");
      await owned.setRoyalty(model, 0n);
      await owned.setRestricted(model, true);
      await owned.deprecate(version, versionId(model, next));
      await owned.transferFrom(publisher, stranger, model);
      const after = await registry.versionOf(version);
      const changed = FIELDS.filter((field) => after[field] !== before[field]);
      expect(changed).to.deep.equal(["state", "uris", "successor"]);
      expect(FIELDS).to.have.length(before.length);
    });
  });

  context("given no such version", () => {
    it("is all zero", async () => {
      const { registry } = await loadFixture(released);
      const none = [0n, 0n, 0n, 0n, 0n, 0n, ZeroHash];
      expect(await registry.versionOf(id("no version"))).to.deep.equal(none);
    });
  });
});
