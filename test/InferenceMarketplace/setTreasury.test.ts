import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

describe("InferenceMarketplace.setTreasury", () => {
  context("given the admin", () => {
    it("names where fees go from now on", async () => {
      const { market, deployer, publisher } = await loadFixture(protocol);
      await expect(market.connect(deployer).setTreasury(publisher)).to.emit(market, "TreasurySet").withArgs(publisher);
      expect((await market.governed()).treasury).to.equal(publisher.address);
    });

    it("cannot name nobody", async () => {
      const { market, deployer } = await loadFixture(protocol);
      await expect(market.connect(deployer).setTreasury(ZeroAddress)).to.be.revertedWithCustomError(
        market,
        "LedgerZeroAccount",
      );
    });
  });

  context("when anyone else calls", () => {
    it("reverts and names the caller", async () => {
      const { market, thief } = await loadFixture(protocol);
      await expect(market.connect(thief).setTreasury(thief))
        .to.be.revertedWithCustomError(market, "AccessManagedUnauthorized")
        .withArgs(thief);
    });
  });
});
