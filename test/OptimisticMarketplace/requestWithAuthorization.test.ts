import { expect } from "chai";
import { keccak256, ZeroAddress } from "ethers";

import { optimisticOrderPaymentNonce, packOptimisticOrder } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { INPUT_URI } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";
import { offering, openOrder, PRICE, TestOffer } from "../support/optimistic.ts";
import { chainId, signPayment } from "../support/payments.ts";

describe("OptimisticMarketplace.requestWithAuthorization", () => {
  async function signed() {
    const suite = await offering();
    const { optimistic, token, deployer, requester } = suite;
    const value = 2n * PRICE;
    await token.connect(deployer).transfer(requester, value);
    const order = packOptimisticOrder(openOrder(suite));
    const market = await optimistic.getAddress();
    const nonce = optimisticOrderPaymentNonce(await chainId(), market, order, keccak256(INPUT_URI));
    const payment = await signPayment(token, requester, value, nonce, optimistic);
    return { ...suite, suite, order, payment, value };
  }

  context("given a payment that the requester signed for this very order", () => {
    it("orders, whoever sends it, and keeps what is more than the escrow as balance", async () => {
      const { suite, optimistic, requester, stranger, order, payment, value } = await loadFixture(signed);
      const before = (await optimistic.accountOf(requester)).balance;
      const transaction = await optimistic.connect(stranger).requestWithAuthorization(order, INPUT_URI, payment);
      const job = TestOffer.from(suite, await transaction.wait());
      expect(job.fields.requester).to.equal(requester.address);
      expect((await optimistic.accountOf(requester)).balance).to.equal(before + value - job.escrow);
    });
  });

  context("given a payment for another order", () => {
    it("reverts: the nonce says what it pays for", async () => {
      const { suite, token, optimistic, stranger, payment } = await loadFixture(signed);
      const other = packOptimisticOrder(openOrder(suite, { node: ZeroAddress }));
      await expect(
        optimistic.connect(stranger).requestWithAuthorization(other, INPUT_URI, payment),
      ).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
    });
  });
});
