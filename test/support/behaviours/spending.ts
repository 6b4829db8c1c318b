import { expect } from "chai";
import { MaxUint256, parseEther, ZeroAddress } from "ethers";

import type { InferenceMarketplace, InferenceSessions, OptimisticMarketplace } from "../../../typechain-types/index.ts";
import { protocol, type Protocol } from "../fixtures.ts";
import { loadFixture } from "../network.ts";

const BALANCE = parseEther("5");
const PART = parseEther("2");

/** What holds of `spend` wherever there are balances that others may use. */
export function spendsBalances(
  marketOf: (suite: Protocol) => InferenceMarketplace | InferenceSessions | OptimisticMarketplace,
): void {
  async function given() {
    const suite = await loadFixture(protocol);
    const market = marketOf(suite);
    await suite.token.connect(suite.deployer).approve(market, BALANCE);
    await market.connect(suite.deployer).deposit(suite.requester, BALANCE);
    const balanceOf = async (account: { readonly address: string }) =>
      (await market.accountOf(account.address)).balance;
    return { ...suite, market, balanceOf };
  }

  context("given the caller's own balance", () => {
    it("moves a part of it to another one, and no tokens [I02]", async () => {
      const { market, token, requester, publisher, balanceOf } = await given();
      await expect(market.connect(requester).spend(requester, publisher, PART))
        .to.emit(market, "BalanceMoved")
        .withArgs(requester, publisher, PART);
      expect(await balanceOf(requester)).to.equal(BALANCE - PART);
      expect(await balanceOf(publisher)).to.equal(PART);
      expect(await token.balanceOf(market)).to.equal(BALANCE);
    });

    it("reverts for more than is there, and names both figures", async () => {
      const { market, requester, publisher } = await given();
      await expect(market.connect(requester).spend(requester, publisher, BALANCE + 1n))
        .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
        .withArgs(requester, BALANCE, BALANCE + 1n);
    });

    it("reverts for nobody", async () => {
      const { market, requester } = await given();
      await expect(market.connect(requester).spend(requester, ZeroAddress, 1n)).to.be.revertedWithCustomError(
        market,
        "LedgerZeroAccount",
      );
    });

    it("leaves it as it was where it moves to itself", async () => {
      const { market, requester, balanceOf } = await given();
      await market.connect(requester).spend(requester, requester, PART);
      expect(await balanceOf(requester)).to.equal(BALANCE);
    });
  });

  context("given somebody else's balance", () => {
    it("reverts and names what the caller may use of it: nothing [T159]", async () => {
      const { market, mandates, requester, thief } = await given();
      await expect(market.connect(thief).spend(requester, thief, 1n))
        .to.be.revertedWithCustomError(mandates, "MandateCapTooLow")
        .withArgs(market, requester, thief, 0, 1);
    });

    it("moves what its owner allows, and lowers the cap by it [T159]", async () => {
      const { market, mandates, requester, stranger, publisher, balanceOf } = await given();
      await mandates.connect(requester).allow(market, stranger, PART);
      await market.connect(stranger).spend(requester, publisher, PART - 1n);
      expect(await balanceOf(requester)).to.equal(BALANCE - PART + 1n);
      expect(await balanceOf(publisher)).to.equal(PART - 1n);
      await expect(market.connect(stranger).spend(requester, publisher, 2n))
        .to.be.revertedWithCustomError(mandates, "MandateCapTooLow")
        .withArgs(market, requester, stranger, 1, 2);
    });

    it("is bound by the balance where the cap is larger", async () => {
      const { market, mandates, requester, stranger, publisher } = await given();
      await mandates.connect(requester).allow(market, stranger, MaxUint256);
      await expect(market.connect(stranger).spend(requester, publisher, BALANCE + 1n))
        .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
        .withArgs(requester, BALANCE, BALANCE + 1n);
    });
  });
}
