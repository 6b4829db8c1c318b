import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { modelId } from "../../packages/sdk/src/codecs/model.ts";
import { protocol, ROYALTY } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";

const MOST_ROYALTY = 2n ** 80n - 1n;

describe("ModelRegistry.registerModel", () => {
  const given = () => loadFixture(protocol);

  context("given a slug that the publisher has not used", () => {
    context("when the publisher registers it", () => {
      it("mints the model's token to the publisher", async () => {
        const { registry, publisher } = await given();
        const model = modelId(publisher.address, "digits");
        const transaction = registry.connect(publisher).registerModel("digits", ROYALTY, true);

        await expect(transaction).to.emit(registry, "ModelRegistered").withArgs(model, publisher, "digits");
        await expect(transaction).to.emit(registry, "Transfer").withArgs(ZeroAddress, publisher, BigInt(model));
        expect(await registry.ownerOf(model)).to.equal(publisher);
      });

      it("sets royalty and restriction at once, without a notice", async () => {
        const { registry, deployer, publisher } = await given();
        await registry.connect(deployer).setRoyaltyNoticePeriod(1_000);
        const model = modelId(publisher.address, "digits");
        const transaction = await registry.connect(publisher).registerModel("digits", ROYALTY, true);

        await expect(transaction)
          .to.emit(registry, "RoyaltySet")
          .withArgs(model, ROYALTY, await time.latest());
        await expect(transaction).to.emit(registry, "RestrictionSet").withArgs(model, true);
        expect(await registry.termsOf(model)).to.deep.equal([publisher.address, ROYALTY, false, true, 0n, 0n]);
      });
    });

    context("when somebody else has a model of the same slug", () => {
      it("registers another model [T013]", async () => {
        const { registry, publisher, stranger } = await given();
        await registry.connect(stranger).registerModel("digits", 0, false);
        await registry.connect(publisher).registerModel("digits", 0, false);
        expect(await registry.ownerOf(modelId(stranger.address, "digits"))).to.equal(stranger);
        expect(await registry.ownerOf(modelId(publisher.address, "digits"))).to.equal(publisher);
      });
    });

    context("when the royalty does not fit", () => {
      it("reverts and names the most that does", async () => {
        const { registry, publisher } = await given();
        await registry.connect(publisher).registerModel("fits", MOST_ROYALTY, false);
        await expect(registry.connect(publisher).registerModel("digits", MOST_ROYALTY + 1n, false))
          .to.be.revertedWithCustomError(registry, "RegistryRoyaltyTooHigh")
          .withArgs(MOST_ROYALTY + 1n, MOST_ROYALTY);
      });
    });
  });

  context("given a slug that the publisher has used", () => {
    context("when it registers it again, even after the model was sold", () => {
      it("reverts and names the model [T013]", async () => {
        const { registry, publisher, stranger } = await given();
        const model = modelId(publisher.address, "digits");
        await registry.connect(publisher).registerModel("digits", 0, false);
        const again = () => registry.connect(publisher).registerModel("digits", 0, false);

        await expect(again()).to.be.revertedWithCustomError(registry, "RegistryModelExists").withArgs(model);
        await registry.connect(publisher).transferFrom(publisher, stranger, model);
        await expect(again()).to.be.revertedWithCustomError(registry, "RegistryModelExists").withArgs(model);
      });
    });
  });

  context("given a text that is no slug", () => {
    context("when it is registered", () => {
      it("reverts and repeats it", async () => {
        const { registry, publisher } = await given();
        for (const slug of [
          "",
          "ab",
          "a".repeat(65),
          "Digits",
          "-digits",
          "digits-",
          "dig its",
          "dígits",
          "digits\0",
        ]) {
          await expect(registry.connect(publisher).registerModel(slug, 0, false))
            .to.be.revertedWithCustomError(registry, "RegistryBadSlug")
            .withArgs(slug);
        }
      });
    });
  });
});
