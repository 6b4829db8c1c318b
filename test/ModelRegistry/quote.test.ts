import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { versionId } from "../../packages/sdk/src/codecs/model.ts";
import { DETAILS, IDENTITY, released, ROYALTY } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

describe("ModelRegistry.quote", () => {
  const given = () => loadFixture(released);

  context("given an open model", () => {
    it("gives royalty and owner to anyone", async () => {
      const { registry, publisher, stranger, version } = await given();
      expect(await registry.quote(version, stranger)).to.deep.equal([ROYALTY, publisher.address, false]);
    });

    it("gives the new owner once the model is sold", async () => {
      const { registry, publisher, stranger, requester, model, version } = await given();
      await registry.connect(publisher).transferFrom(publisher, stranger, model);
      expect(await registry.quote(version, requester)).to.deep.equal([ROYALTY, stranger.address, false]);
    });
  });

  context("given a restricted model", () => {
    async function restricted() {
      const suite = await given();
      await suite.registry.connect(suite.publisher).setRestricted(suite.model, true);
      return suite;
    }

    it("reverts for a requester that is not listed, the owner not excepted", async () => {
      const { registry, publisher, requester, model, version } = await restricted();
      for (const account of [requester, publisher]) {
        await expect(registry.quote(version, account))
          .to.be.revertedWithCustomError(registry, "RegistryRequesterNotAllowed")
          .withArgs(model, account);
      }
    });

    it("gives royalty and owner to a listed one, until it is struck off", async () => {
      const { registry, publisher, requester, model, version } = await restricted();
      await registry.connect(publisher).setAllowed(model, [requester], true);
      expect(await registry.quote(version, requester)).to.deep.equal([ROYALTY, publisher.address, false]);
      await registry.connect(publisher).setAllowed(model, [requester], false);
      await expect(registry.quote(version, requester)).to.be.revertedWithCustomError(
        registry,
        "RegistryRequesterNotAllowed",
      );
    });
  });

  context("given a deprecated version", () => {
    it("reverts and names what to order instead", async () => {
      const { registry, publisher, requester, model, version } = await given();
      const identity = { ...IDENTITY, artifactDigest: id("next artifact") };
      const next = versionId(model, identity);
      await registry.connect(publisher).release(model, identity, { ...DETAILS, minor: 1 });
      await registry.connect(publisher).deprecate(version, next);

      await expect(registry.quote(version, requester))
        .to.be.revertedWithCustomError(registry, "RegistryVersionDeprecated")
        .withArgs(version, next);
      expect((await registry.quote(next, requester)).royalty).to.equal(ROYALTY);
    });
  });

  context("given no such version", () => {
    it("reverts and names it", async () => {
      const { registry, requester } = await given();
      for (const version of [ZeroHash, id("no version")]) {
        await expect(registry.quote(version, requester))
          .to.be.revertedWithCustomError(registry, "RegistryUnknownVersion")
          .withArgs(version);
      }
    });
  });
});
