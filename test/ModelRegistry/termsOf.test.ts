import { expect } from "chai";
import { id, ZeroAddress } from "ethers";

import { released, ROYALTY } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

describe("ModelRegistry.termsOf", () => {
  context("given a model", () => {
    it("gives owner, royalty and restriction", async () => {
      const { registry, publisher, model } = await loadFixture(released);
      expect(await registry.termsOf(model)).to.deep.equal([publisher.address, ROYALTY, false, false, 0n, 0n]);
    });
  });

  context("given no such model", () => {
    it("is all zero", async () => {
      const { registry } = await loadFixture(released);
      expect(await registry.termsOf(id("no model"))).to.deep.equal([ZeroAddress, 0n, false, false, 0n, 0n]);
    });
  });
});
