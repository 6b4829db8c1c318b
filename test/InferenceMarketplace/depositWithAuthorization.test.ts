import { expect } from "chai";
import { id, parseEther, ZeroAddress } from "ethers";

import { depositPaymentNonce } from "../../packages/sdk/src/codecs/job.ts";
import { Wallet1271__factory } from "../../typechain-types/index.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";
import { chainId, signPayment } from "../support/payments.ts";

const AMOUNT = parseEther("5");
const SALT = id("one deposit");

/** A payer who has signed a payment of `AMOUNT` into the requester's balance. */
async function signed() {
  const suite = await loadFixture(protocol);
  const { market, deployer, requester } = suite;
  const nonce = depositPaymentNonce(await chainId(), await market.getAddress(), requester.address, SALT);
  return { ...suite, nonce, payment: await signPayment(suite, deployer, AMOUNT, nonce) };
}

describe("InferenceMarketplace.depositWithAuthorization", () => {
  context("given a payment that names account and salt", () => {
    it("lets anyone send it", async () => {
      const { market, token, deployer, requester, stranger, payment } = await signed();
      await expect(market.connect(stranger).depositWithAuthorization(requester, deployer, SALT, payment))
        .to.emit(market, "Deposited")
        .withArgs(requester, AMOUNT);
      expect(await market.accountOf(requester)).to.deep.equal([AMOUNT, 0n]);
      expect(await token.balanceOf(market)).to.equal(AMOUNT);
    });

    context("when a relayer swaps the account", () => {
      it("reverts, because the nonce is another [T004]", async () => {
        const { market, token, deployer, thief, payment } = await signed();
        await expect(
          market.connect(thief).depositWithAuthorization(thief, deployer, SALT, payment),
        ).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
      });
    });

    context("when a relayer swaps salt or value", () => {
      it("reverts [T004]", async () => {
        const { market, token, deployer, requester, thief, payment } = await signed();
        const relay = market.connect(thief);
        await expect(
          relay.depositWithAuthorization(requester, deployer, id("another"), payment),
        ).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
        await expect(
          relay.depositWithAuthorization(requester, deployer, SALT, { ...payment, value: AMOUNT + 1n }),
        ).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
      });
    });

    context("when it is sent a second time", () => {
      it("reverts and names payer and nonce [T005]", async () => {
        const { market, token, deployer, requester, stranger, payment, nonce } = await signed();
        await market.connect(stranger).depositWithAuthorization(requester, deployer, SALT, payment);
        await expect(market.connect(stranger).depositWithAuthorization(requester, deployer, SALT, payment))
          .to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization")
          .withArgs(deployer, nonce);
        expect(await market.accountOf(requester)).to.deep.equal([AMOUNT, 0n]);
      });
    });

    context("when somebody takes it to the token", () => {
      it("reverts, so that tokens never arrive without a credit [T003]", async () => {
        const { market, token, deployer, thief, payment, nonce } = await signed();
        const { value, validAfter, validBefore, signature } = payment;
        const receive =
          token.connect(thief)["receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"];
        await expect(receive(deployer, market, value, validAfter, validBefore, nonce, signature))
          .to.be.revertedWithCustomError(token, "ERC20InvalidReceiver")
          .withArgs(market);
        expect(await token.balanceOf(market)).to.equal(0n);
      });
    });
  });

  context("given a zero account", () => {
    it("reverts", async () => {
      const { market, deployer, payment } = await signed();
      await expect(
        market.depositWithAuthorization.staticCall(ZeroAddress, deployer, SALT, payment),
      ).to.be.revertedWithCustomError(market, "MarketZeroAccount");
    });
  });

  context("given a contract wallet that pays", () => {
    async function wallet() {
      const suite = await loadFixture(protocol);
      const { market, token, deployer, publisher, requester } = suite;
      const wallet = await new Wallet1271__factory(deployer).deploy(publisher);
      await token.connect(deployer).transfer(wallet, AMOUNT);
      const from = await wallet.getAddress();
      const nonce = depositPaymentNonce(await chainId(), await market.getAddress(), requester.address, SALT);
      return { ...suite, from, nonce };
    }

    it("takes what its owner signed", async () => {
      const suite = await wallet();
      const { market, token, publisher, requester, stranger, from, nonce } = suite;
      const payment = await signPayment(suite, publisher, AMOUNT, nonce, from);
      await market.connect(stranger).depositWithAuthorization(requester, from, SALT, payment);
      expect(await market.accountOf(requester)).to.deep.equal([AMOUNT, 0n]);
      expect(await token.balanceOf(from)).to.equal(0n);
    });

    it("refuses what anyone else signed", async () => {
      const suite = await wallet();
      const payment = await signPayment(suite, suite.thief, AMOUNT, suite.nonce, suite.from);
      await expect(
        suite.market.connect(suite.thief).depositWithAuthorization(suite.requester, suite.from, SALT, payment),
      ).to.be.revertedWithCustomError(suite.token, "ERC3009InvalidSignature");
    });
  });
});
