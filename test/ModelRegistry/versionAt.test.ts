import { expect } from "chai";
import { ZeroHash } from "ethers";

import { released } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

describe("ModelRegistry.versionAt", () => {
  context("given a model with the version 1.0", () => {
    it("gives that version, and zero for other numbers", async () => {
      const { registry, model, version } = await loadFixture(released);
      expect(await registry.versionAt(model, 1, 0)).to.equal(version);
      expect(await registry.versionAt(model, 0, 1)).to.equal(ZeroHash);
      expect(await registry.versionAt(model, 1, 1)).to.equal(ZeroHash);
    });
  });
});
