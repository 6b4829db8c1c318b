import { expect } from "chai";

import { released } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

describe("ModelRegistry.setAllowed", () => {
  const given = () => loadFixture(released);

  context("given a model", () => {
    context("when its owner lists requesters", () => {
      it("reports and keeps each of them, and nobody else", async () => {
        const { registry, publisher, requester, delegator, stranger, model } = await given();
        const transaction = registry.connect(publisher).setAllowed(model, [requester, delegator], true);
        for (const listed of [requester, delegator]) {
          await expect(transaction).to.emit(registry, "RequesterAllowed").withArgs(model, listed, true);
          expect(await registry.isAllowed(model, listed)).to.equal(true);
        }
        expect(await registry.isAllowed(model, stranger)).to.equal(false);
      });
    });

    context("when its owner strikes one off", () => {
      it("reports it, and leaves the others", async () => {
        const { registry, publisher, requester, delegator, model } = await given();
        await registry.connect(publisher).setAllowed(model, [requester, delegator], true);
        await expect(registry.connect(publisher).setAllowed(model, [requester], false))
          .to.emit(registry, "RequesterAllowed")
          .withArgs(model, requester, false);
        expect(await registry.isAllowed(model, requester)).to.equal(false);
        expect(await registry.isAllowed(model, delegator)).to.equal(true);
      });
    });

    context("when anyone else lists a requester", () => {
      it("reverts and names the owner", async () => {
        const { registry, publisher, stranger, model } = await given();
        await expect(registry.connect(stranger).setAllowed(model, [stranger], true))
          .to.be.revertedWithCustomError(registry, "RegistryNotModelOwner")
          .withArgs(model, stranger, publisher);
      });
    });
  });
});
