import { expect } from "chai";

import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const MOST = 30 * 86_400;

describe("ModelRegistry.setRoyaltyNoticePeriod", () => {
  const given = () => loadFixture(protocol);

  context("given the admin", () => {
    context("when it sets a period up to the bound", () => {
      it("reports and keeps it", async () => {
        const { registry, deployer } = await given();
        await expect(registry.connect(deployer).setRoyaltyNoticePeriod(MOST))
          .to.emit(registry, "RoyaltyNoticeSet")
          .withArgs(MOST);
        expect(await registry.royaltyNoticePeriod()).to.equal(MOST);
      });
    });

    context("when it sets more", () => {
      it("reverts and names the bound", async () => {
        const { registry, deployer } = await given();
        await expect(registry.connect(deployer).setRoyaltyNoticePeriod(MOST + 1))
          .to.be.revertedWithCustomError(registry, "RegistryNoticeTooLong")
          .withArgs(MOST + 1, MOST);
      });
    });
  });

  context("given anyone else", () => {
    it("reverts and names the caller", async () => {
      const { registry, publisher } = await given();
      await expect(registry.connect(publisher).setRoyaltyNoticePeriod(1))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(publisher);
    });
  });
});
