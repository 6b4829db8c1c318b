import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { servedByThree } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

/** What the fixture has deposited for the requester. */
const BALANCE = parseEther("100000");

describe("InferenceMarketplace.withdraw", () => {
  context("given a balance", () => {
    it("pays it to whom the caller names [I08]", async () => {
      const { market, token, requester, stranger } = await loadFixture(servedByThree);
      await expect(market.connect(requester).withdraw(stranger, BALANCE))
        .to.emit(market, "Withdrawn")
        .withArgs(requester, stranger, BALANCE);
      expect(await token.balanceOf(stranger)).to.equal(BALANCE);
      expect(await token.balanceOf(market)).to.equal(0n);
      expect(await market.accountOf(requester)).to.deep.equal([0n, 0n]);
    });

    context("when more is asked for", () => {
      it("reverts and names what is there and what was asked", async () => {
        const { market, requester } = await loadFixture(servedByThree);
        await expect(market.connect(requester).withdraw(requester, BALANCE + 1n))
          .to.be.revertedWithCustomError(market, "MarketInsufficientBalance")
          .withArgs(requester, BALANCE, BALANCE + 1n);
      });
    });

    context("when nobody is named", () => {
      it("reverts", async () => {
        const { market, requester } = await loadFixture(servedByThree);
        await expect(market.connect(requester).withdraw(ZeroAddress, 1n)).to.be.revertedWithCustomError(
          market,
          "MarketZeroAccount",
        );
      });
    });
  });

  context("given no balance", () => {
    it("reverts, whoever else has one", async () => {
      const { market, thief } = await loadFixture(servedByThree);
      await expect(market.connect(thief).withdraw(thief, 1n))
        .to.be.revertedWithCustomError(market, "MarketInsufficientBalance")
        .withArgs(thief, 0n, 1n);
    });
  });
});
