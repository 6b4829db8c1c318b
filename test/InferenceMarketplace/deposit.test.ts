import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const AMOUNT = parseEther("5");

describe("InferenceMarketplace.deposit", () => {
  context("given an allowance", () => {
    async function allowed() {
      const suite = await loadFixture(protocol);
      await suite.token.connect(suite.deployer).approve(suite.market, AMOUNT);
      return suite;
    }

    it("moves the caller's tokens into anyone's balance", async () => {
      const { market, token, deployer, requester } = await allowed();
      const held = await token.balanceOf(deployer);
      await expect(market.connect(deployer).deposit(requester, AMOUNT))
        .to.emit(market, "Deposited")
        .withArgs(requester, AMOUNT);
      expect(await market.accountOf(requester)).to.deep.equal([AMOUNT, 0n]);
      expect(await token.balanceOf(market)).to.equal(AMOUNT);
      expect(await token.balanceOf(deployer)).to.equal(held - AMOUNT);
    });

    it("adds to what is there", async () => {
      const { market, deployer, requester } = await allowed();
      await market.connect(deployer).deposit(requester, AMOUNT - 1n);
      await market.connect(deployer).deposit(requester, 1n);
      expect(await market.accountOf(requester)).to.deep.equal([AMOUNT, 0n]);
    });

    context("when the account is zero", () => {
      it("reverts", async () => {
        const { market, deployer } = await allowed();
        await expect(market.connect(deployer).deposit(ZeroAddress, AMOUNT)).to.be.revertedWithCustomError(
          market,
          "MarketZeroAccount",
        );
      });
    });

    context("when it is too small", () => {
      it("reverts with the token's own error and credits nothing [I02]", async () => {
        const { market, token, deployer, requester } = await allowed();
        await expect(market.connect(deployer).deposit(requester, AMOUNT + 1n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(market, AMOUNT, AMOUNT + 1n);
        expect(await market.accountOf(requester)).to.deep.equal([0n, 0n]);
      });
    });
  });

  context("given tokens that were sent to the contract without a deposit", () => {
    it("credits them to nobody [T006]", async () => {
      const { market, token, deployer, requester } = await loadFixture(protocol);
      await token.connect(deployer).transfer(market, AMOUNT);
      expect(await market.accountOf(requester)).to.deep.equal([0n, 0n]);
      expect(await market.accountOf(deployer)).to.deep.equal([0n, 0n]);
    });
  });
});
