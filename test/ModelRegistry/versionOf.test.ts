import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { released } from "../support/fixtures.ts";
import { ethers, loadFixture } from "../support/network.ts";

describe("ModelRegistry.versionOf", () => {
  context("given a released version", () => {
    it("gives what storage keeps, and the block whose event has the rest", async () => {
      const { registry, model, version } = await loadFixture(released);
      const block = BigInt(await ethers.provider.getBlockNumber());
      expect(await registry.versionOf(version)).to.deep.equal([BigInt(model), 1n, block, 1n, 0n, 1n, ZeroHash]);
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
