import { expect } from "chai";
import { id, ZeroAddress } from "ethers";

import { DETAILS, IDENTITY, released } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const NEXT = { ...IDENTITY, artifactDigest: id("next artifact") };
const NEXT_DETAILS = { ...DETAILS, minor: 1 };

describe("ModelRegistry.transferFrom", () => {
  const given = () => loadFixture(released);

  context("given a model", () => {
    context("when its owner sends it to somebody", () => {
      it("moves token and terms together", async () => {
        const { registry, publisher, stranger, model } = await given();
        await expect(registry.connect(publisher).transferFrom(publisher, stranger, model))
          .to.emit(registry, "Transfer")
          .withArgs(publisher, stranger, BigInt(model));
        expect(await registry.ownerOf(model)).to.equal(stranger);
        expect((await registry.termsOf(model)).owner).to.equal(stranger);
      });

      it("lets the new owner release, and the old one no more", async () => {
        const { registry, publisher, stranger, model } = await given();
        await registry.connect(publisher).transferFrom(publisher, stranger, model);
        await expect(registry.connect(publisher).release(model, NEXT, NEXT_DETAILS))
          .to.be.revertedWithCustomError(registry, "RegistryNotModelOwner")
          .withArgs(model, publisher, stranger);
        await expect(registry.connect(stranger).release(model, NEXT, NEXT_DETAILS)).to.emit(
          registry,
          "VersionReleased",
        );
      });
    });

    context("when somebody whom its owner has approved sends it", () => {
      it("moves it; the approval lets nobody release", async () => {
        const { registry, publisher, stranger, thief, model } = await given();
        await registry.connect(publisher).approve(thief, model);
        await expect(registry.connect(thief).release(model, NEXT, NEXT_DETAILS))
          .to.be.revertedWithCustomError(registry, "RegistryNotModelOwner")
          .withArgs(model, thief, publisher);
        await registry.connect(thief).transferFrom(publisher, stranger, model);
        expect((await registry.termsOf(model)).owner).to.equal(stranger);
      });
    });

    context("when anyone else sends it", () => {
      it("reverts, and the owner stays", async () => {
        const { registry, publisher, thief, model } = await given();
        await expect(registry.connect(thief).transferFrom(publisher, thief, model))
          .to.be.revertedWithCustomError(registry, "ERC721InsufficientApproval")
          .withArgs(thief, model);
        expect((await registry.termsOf(model)).owner).to.equal(publisher);
      });

      it("cannot approve itself either", async () => {
        const { registry, thief, model } = await given();
        await expect(registry.connect(thief).approve(thief, model))
          .to.be.revertedWithCustomError(registry, "ERC721InvalidApprover")
          .withArgs(thief);
      });
    });

    context("when it is sent from somebody else, or to nobody", () => {
      it("reverts and names who it was", async () => {
        const { registry, publisher, stranger, model } = await given();
        await expect(registry.connect(publisher).transferFrom(stranger, stranger, model))
          .to.be.revertedWithCustomError(registry, "ERC721IncorrectOwner")
          .withArgs(stranger, model, publisher);
        await expect(registry.connect(publisher).transferFrom(publisher, ZeroAddress, model))
          .to.be.revertedWithCustomError(registry, "ERC721InvalidReceiver")
          .withArgs(ZeroAddress);
        expect((await registry.termsOf(model)).owner).to.equal(publisher);
      });
    });
  });

  context("given nobody, or no model", () => {
    it("reverts and names what there is not", async () => {
      const { registry, publisher } = await given();
      await expect(registry.ownerOf(5)).to.be.revertedWithCustomError(registry, "ERC721NonexistentToken").withArgs(5);
      await expect(registry.balanceOf(ZeroAddress))
        .to.be.revertedWithCustomError(registry, "ERC721InvalidOwner")
        .withArgs(ZeroAddress);
      await expect(registry.connect(publisher).setApprovalForAll(ZeroAddress, true))
        .to.be.revertedWithCustomError(registry, "ERC721InvalidOperator")
        .withArgs(ZeroAddress);
    });
  });
});
