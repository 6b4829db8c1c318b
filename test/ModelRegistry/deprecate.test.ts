import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { modelId, versionId } from "../../packages/sdk/src/codecs/model.ts";
import { DETAILS, IDENTITY, released } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const NEXT = { ...IDENTITY, artifactDigest: id("next artifact") };
const DEPRECATED = 3n;

/** The model with a second version. */
async function releasedTwice() {
  const suite = await released();
  await suite.registry.connect(suite.publisher).release(suite.model, NEXT, { ...DETAILS, minor: 1 });
  return { ...suite, next: versionId(suite.model, NEXT) };
}

describe("ModelRegistry.deprecate", () => {
  const given = () => loadFixture(releasedTwice);

  context("given two versions of a model", () => {
    context("when the owner deprecates one and names the other", () => {
      it("reports and keeps both", async () => {
        const { registry, publisher, version, next } = await given();
        await expect(registry.connect(publisher).deprecate(version, next))
          .to.emit(registry, "VersionDeprecated")
          .withArgs(version, next);
        const { state, successor } = await registry.versionOf(version);
        expect([state, successor]).to.deep.equal([DEPRECATED, next]);
      });
    });

    context("when it names none", () => {
      it("reports none", async () => {
        const { registry, publisher, version } = await given();
        await expect(registry.connect(publisher).deprecate(version, ZeroHash))
          .to.emit(registry, "VersionDeprecated")
          .withArgs(version, ZeroHash);
        expect((await registry.versionOf(version)).state).to.equal(DEPRECATED);
      });
    });

    context("when the successor is itself, unknown, deprecated, or of another model", () => {
      it("reverts and names both", async () => {
        const { registry, publisher, version, next } = await given();
        const other = modelId(publisher.address, "letters");
        await registry.connect(publisher).registerModel("letters", 0, false);
        await registry.connect(publisher).release(other, IDENTITY, DETAILS);
        await registry.connect(publisher).deprecate(next, version);

        for (const successor of [version, id("no version"), next, versionId(other, IDENTITY)]) {
          await expect(registry.connect(publisher).deprecate(version, successor))
            .to.be.revertedWithCustomError(registry, "RegistryBadSuccessor")
            .withArgs(version, successor);
        }
      });
    });

    context("when it is deprecated already", () => {
      it("reverts and names the successor that it has", async () => {
        const { registry, publisher, version, next } = await given();
        await registry.connect(publisher).deprecate(version, next);
        await expect(registry.connect(publisher).deprecate(version, ZeroHash))
          .to.be.revertedWithCustomError(registry, "RegistryVersionDeprecated")
          .withArgs(version, next);
      });
    });

    context("when anyone but the owner deprecates it", () => {
      it("reverts and names the owner", async () => {
        const { registry, publisher, stranger, model, version, next } = await given();
        await expect(registry.connect(stranger).deprecate(version, next))
          .to.be.revertedWithCustomError(registry, "RegistryNotModelOwner")
          .withArgs(model, stranger, publisher);
      });
    });
  });

  context("given no such version", () => {
    it("reverts and names it", async () => {
      const { registry, publisher } = await given();
      await expect(registry.connect(publisher).deprecate(id("no version"), ZeroHash))
        .to.be.revertedWithCustomError(registry, "RegistryUnknownVersion")
        .withArgs(id("no version"));
    });
  });
});
