import { expect } from "chai";

import { servedByThree } from "../support/fixtures.ts";
import { all, PRICE, TestJob } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";

/** A requester whose job has left a fee. */
async function owed() {
  const suite = await loadFixture(servedByThree);
  const job = await (await TestJob.request(suite)).open();
  const seats = suite.nodes.slice(0, 2);
  await job.answer(all(seats));
  await job.settle(seats);
  return { ...suite, fee: (2n * PRICE * 250n) / 10_000n };
}

describe("InferenceMarketplace.collectFees", () => {
  context("given accounts with fees", () => {
    it("pays them to the treasury, at anyone's call, and leaves balances alone", async () => {
      const { market, token, requester, timelock, stranger, fee } = await owed();
      const { balance, fees } = await market.accountOf(requester);
      expect(fees).to.equal(fee);
      await expect(market.connect(stranger).collectFees([requester]))
        .to.emit(market, "FeesCollected")
        .withArgs(requester, timelock, fee);
      expect(await token.balanceOf(timelock)).to.equal(fee);
      expect(await market.accountOf(requester)).to.deep.equal([balance, 0n]);
    });

    it("pays an account that is named twice once", async () => {
      const { market, token, requester, timelock, stranger, fee } = await owed();
      await expect(market.connect(stranger).collectFees([requester, stranger, requester]))
        .to.emit(market, "FeesCollected")
        .withArgs(requester, timelock, fee)
        .and.to.emit(market, "FeesCollected")
        .withArgs(requester, timelock, 0n)
        .and.to.emit(market, "FeesCollected")
        .withArgs(stranger, timelock, 0n);
      expect(await token.balanceOf(timelock)).to.equal(fee);
    });

    it("never lets the requester withdraw them", async () => {
      const { market, requester } = await owed();
      const { balance } = await market.accountOf(requester);
      await expect(market.connect(requester).withdraw(requester, balance + 1n))
        .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
        .withArgs(requester, balance, balance + 1n);
    });

    it("pays whoever is the treasury by then", async () => {
      const { market, token, requester, deployer, thief, publisher, fee } = await owed();
      await market.connect(deployer).setTreasury(publisher);
      await market.connect(thief).collectFees([requester]);
      expect(await token.balanceOf(publisher)).to.equal(fee);
    });
  });
});
