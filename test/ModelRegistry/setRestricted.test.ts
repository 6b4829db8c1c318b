import { expect } from "chai";

import { released } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

describe("ModelRegistry.setRestricted", () => {
  const given = () => loadFixture(released);

  context("given an open model", () => {
    context("when its owner restricts it, and opens it again", () => {
      it("reports and keeps it each time", async () => {
        const { registry, publisher, model } = await given();
        for (const restricted of [true, false]) {
          await expect(registry.connect(publisher).setRestricted(model, restricted))
            .to.emit(registry, "RestrictionSet")
            .withArgs(model, restricted);
          expect((await registry.termsOf(model)).restricted).to.equal(restricted);
        }
      });
    });

    context("when anyone else restricts it", () => {
      it("reverts and names the owner", async () => {
        const { registry, publisher, stranger, model } = await given();
        await expect(registry.connect(stranger).setRestricted(model, true))
          .to.be.revertedWithCustomError(registry, "RegistryNotModelOwner")
          .withArgs(model, stranger, publisher);
      });
    });
  });
});
