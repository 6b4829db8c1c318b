import { expect } from "chai";
import { encodeBytes32String, id } from "ethers";

import { released } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const MIRROR = "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";

describe("ModelRegistry.addMirror", () => {
  const given = () => loadFixture(released);

  context("given a version with one place to fetch it from", () => {
    context("when the owner adds another", () => {
      it("reports it and counts it", async () => {
        const { registry, publisher, version } = await given();
        await expect(registry.connect(publisher).addMirror(version, MIRROR))
          .to.emit(registry, "MirrorAdded")
          .withArgs(version, MIRROR);
        expect((await registry.versionOf(version)).uris).to.equal(2);
      });
    });

    context("when there are eight already", () => {
      it("reverts and names the bound", async () => {
        const { registry, publisher, version } = await given();
        for (let uris = 1; uris < 8; uris += 1) await registry.connect(publisher).addMirror(version, MIRROR);
        await expect(registry.connect(publisher).addMirror(version, MIRROR))
          .to.be.revertedWithCustomError(registry, "RegistryBadLength")
          .withArgs(encodeBytes32String("uris"), 9, 1, 8);
      });
    });

    context("when the place is empty or too long", () => {
      it("reverts and names its bytes", async () => {
        const { registry, publisher, version } = await given();
        for (const bytes of [0, 257]) {
          await expect(registry.connect(publisher).addMirror(version, "u".repeat(bytes)))
            .to.be.revertedWithCustomError(registry, "RegistryBadLength")
            .withArgs(encodeBytes32String("uri"), bytes, 1, 256);
        }
        await registry.connect(publisher).addMirror(version, "u".repeat(256));
      });
    });

    context("when anyone but the owner adds one", () => {
      it("reverts and names the owner", async () => {
        const { registry, publisher, stranger, model, version } = await given();
        await expect(registry.connect(stranger).addMirror(version, MIRROR))
          .to.be.revertedWithCustomError(registry, "RegistryNotModelOwner")
          .withArgs(model, stranger, publisher);
      });
    });
  });

  context("given no such version", () => {
    it("reverts and names it", async () => {
      const { registry, publisher } = await given();
      await expect(registry.connect(publisher).addMirror(id("no version"), MIRROR))
        .to.be.revertedWithCustomError(registry, "RegistryUnknownVersion")
        .withArgs(id("no version"));
    });
  });
});
