import { expect } from "chai";
import { keccak256, parseEther } from "ethers";

import { orderPaymentNonce, packOrder, type Order } from "../../packages/sdk/src/codecs/job.ts";
import { Wallet1271__factory } from "../../typechain-types/index.ts";
import { servedByThree } from "../support/fixtures.ts";
import { INPUT_URI, orderOf, TestJob, WRONG } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";
import { chainId, signPayment } from "../support/payments.ts";

const VALUE = parseEther("20");

/** An order of somebody with tokens and without a balance, who has signed a payment for it. */
async function signed(changes: Partial<Order> = {}) {
  const suite = await loadFixture(servedByThree);
  const { market, token, deployer, publisher } = suite;
  await token.connect(deployer).transfer(publisher, VALUE);
  const order = packOrder(orderOf(suite, { requester: publisher.address, ...changes }));
  const nonce = orderPaymentNonce(await chainId(), await market.getAddress(), order, keccak256(INPUT_URI));
  return { suite, ...suite, order, nonce };
}

describe("InferenceMarketplace.requestWithAuthorization", () => {
  context("given a payment that names order and input", () => {
    async function paid() {
      const given = await signed();
      return {
        ...given,
        payment: await signPayment(given.suite.token, given.publisher, VALUE, given.nonce, given.suite.market),
      };
    }

    it("orders for who signed, and keeps what is more than the escrow in its balance [T004]", async () => {
      const { suite, market, token, publisher, stranger, version, order, payment } = await paid();
      const transaction = await market.connect(stranger).requestWithAuthorization(order, INPUT_URI, payment);
      const job = TestJob.from(suite, await transaction.wait());

      await expect(transaction)
        .to.emit(market, "Deposited")
        .withArgs(publisher, VALUE)
        .and.to.emit(market, "JobRequested")
        .withArgs(job.jobId, publisher, version, Object.values(job.packed), INPUT_URI);
      expect(await market.accountOf(publisher)).to.deep.equal([VALUE - job.escrow, 0n]);
      expect(await token.balanceOf(publisher)).to.equal(0n);
    });

    context("when a relayer swaps the order or the input", () => {
      it("reverts, because the nonce is another [T004]", async () => {
        const { market, token, thief, order, payment } = await paid();
        const relay = market.connect(thief);
        const swapped = { ...order, inputRoot: WRONG };
        await expect(relay.requestWithAuthorization(swapped, INPUT_URI, payment)).to.be.revertedWithCustomError(
          token,
          "ERC3009InvalidSignature",
        );
        await expect(relay.requestWithAuthorization(order, INPUT_URI.slice(1), payment)).to.be.revertedWithCustomError(
          token,
          "ERC3009InvalidSignature",
        );
      });
    });

    context("when a relayer takes it for a deposit", () => {
      it("reverts [T003]", async () => {
        const { market, token, publisher, thief, payment, nonce } = await paid();
        await expect(
          market.connect(thief).depositWithAuthorization(thief, publisher, nonce, payment),
        ).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
      });
    });

    context("when it comes a second time", () => {
      it("reverts and names payer and nonce [T005]", async () => {
        const { market, token, publisher, stranger, order, payment, nonce } = await paid();
        await market.connect(stranger).requestWithAuthorization(order, INPUT_URI, payment);
        await expect(market.connect(stranger).requestWithAuthorization(order, INPUT_URI, payment))
          .to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization")
          .withArgs(publisher, nonce);
      });
    });
  });

  context("given a payment below the escrow", () => {
    it("reverts and names what is there and what is needed", async () => {
      const { suite, market, publisher, stranger, order, nonce } = await signed();
      const payment = await signPayment(suite.token, publisher, 1n, nonce, suite.market);
      const escrow = parseEther("9.325"); // nine seats, the fee on them, and the royalty
      await expect(market.connect(stranger).requestWithAuthorization(order, INPUT_URI, payment))
        .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
        .withArgs(publisher, 1n, escrow);
    });
  });

  context("given a contract wallet that orders", () => {
    it("takes what its owner signed", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, token, deployer, publisher, stranger } = suite;
      const wallet = await new Wallet1271__factory(deployer).deploy(publisher);
      const from = await wallet.getAddress();
      await token.connect(deployer).transfer(wallet, VALUE);
      const order = packOrder(orderOf(suite, { requester: from }));
      const nonce = orderPaymentNonce(await chainId(), await market.getAddress(), order, keccak256(INPUT_URI));
      const payment = await signPayment(suite.token, publisher, VALUE, nonce, suite.market, from);

      const transaction = await market.connect(stranger).requestWithAuthorization(order, INPUT_URI, payment);
      const job = TestJob.from(suite, await transaction.wait());
      expect(job.fields.requester).to.equal(from);
      expect(await market.accountOf(from)).to.deep.equal([VALUE - job.escrow, 0n]);
    });
  });
});
