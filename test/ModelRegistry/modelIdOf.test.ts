import { expect } from "chai";

import { modelId } from "../../packages/sdk/src/codecs/model.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

describe("ModelRegistry.modelIdOf", () => {
  context("given publishers and slugs", () => {
    it("is the id that the SDK makes, another one for each pair, and below 2^248 [T013]", async () => {
      const { registry, publisher, stranger } = await loadFixture(protocol);
      const pairs = [
        [publisher.address, "digits"],
        [publisher.address, "letters"],
        [stranger.address, "digits"],
      ] as const;
      const ids = await Promise.all(pairs.map(([account, slug]) => registry.modelIdOf(account, slug)));
      expect(ids).to.deep.equal(pairs.map(([account, slug]) => modelId(account, slug)));
      expect(new Set(ids).size).to.equal(pairs.length);
      for (const model of ids) expect(BigInt(model) < 2n ** 248n).to.equal(true);
    });
  });
});
