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
  const { disputes, deployer, requester } = suite;
  const nonce = depositPaymentNonce(await chainId(), await disputes.getAddress(), requester.address, SALT);
  return { ...suite, nonce, payment: await signPayment(suite, deployer, AMOUNT, nonce, undefined, disputes) };
}

describe("DisputeGame.depositWithAuthorization", () => {
  context("given a payment that names account and salt", () => {
    it("lets anyone send it", async () => {
      const { disputes, token, deployer, requester, stranger, payment } = await signed();
      await expect(disputes.connect(stranger).depositWithAuthorization(requester, deployer, SALT, payment))
        .to.emit(disputes, "Deposited")
        .withArgs(requester, AMOUNT);
      expect(await disputes.balanceOf(requester)).to.equal(AMOUNT);
      expect(await token.balanceOf(disputes)).to.equal(AMOUNT);
    });

    context("when a relayer swaps the account", () => {
      it("reverts, because the nonce is another [T004]", async () => {
        const { disputes, token, deployer, thief, payment } = await signed();
        await expect(
          disputes.connect(thief).depositWithAuthorization(thief, deployer, SALT, payment),
        ).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
      });
    });

    context("when a relayer swaps salt or value", () => {
      it("reverts [T004]", async () => {
        const { disputes, token, deployer, requester, thief, payment } = await signed();
        const relay = disputes.connect(thief);
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
        const { disputes, token, deployer, requester, stranger, payment, nonce } = await signed();
        await disputes.connect(stranger).depositWithAuthorization(requester, deployer, SALT, payment);
        await expect(disputes.connect(stranger).depositWithAuthorization(requester, deployer, SALT, payment))
          .to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization")
          .withArgs(deployer, nonce);
        expect(await disputes.balanceOf(requester)).to.equal(AMOUNT);
      });
    });

    context("when somebody takes it to the token", () => {
      it("reverts, so that tokens never arrive without a credit [T003]", async () => {
        const { disputes, token, deployer, thief, payment, nonce } = await signed();
        const { value, validAfter, validBefore, signature } = payment;
        const receive =
          token.connect(thief)["receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"];
        await expect(receive(deployer, disputes, value, validAfter, validBefore, nonce, signature))
          .to.be.revertedWithCustomError(token, "ERC20InvalidReceiver")
          .withArgs(disputes);
        expect(await token.balanceOf(disputes)).to.equal(0n);
      });
    });
  });

  context("given a zero account", () => {
    it("reverts", async () => {
      const { disputes, deployer, payment } = await signed();
      await expect(
        disputes.depositWithAuthorization.staticCall(ZeroAddress, deployer, SALT, payment),
      ).to.be.revertedWithCustomError(disputes, "DisputeZeroAccount");
    });
  });

  context("given a contract wallet that pays", () => {
    async function wallet() {
      const suite = await loadFixture(protocol);
      const { disputes, token, deployer, publisher, requester } = suite;
      const wallet = await new Wallet1271__factory(deployer).deploy(publisher);
      await token.connect(deployer).transfer(wallet, AMOUNT);
      const from = await wallet.getAddress();
      const nonce = depositPaymentNonce(await chainId(), await disputes.getAddress(), requester.address, SALT);
      return { ...suite, from, nonce };
    }

    it("takes what its owner signed", async () => {
      const suite = await wallet();
      const { disputes, token, publisher, requester, stranger, from, nonce } = suite;
      const payment = await signPayment(suite, publisher, AMOUNT, nonce, from, suite.disputes);
      await disputes.connect(stranger).depositWithAuthorization(requester, from, SALT, payment);
      expect(await disputes.balanceOf(requester)).to.equal(AMOUNT);
      expect(await token.balanceOf(from)).to.equal(0n);
    });

    it("refuses what anyone else signed", async () => {
      const suite = await wallet();
      const payment = await signPayment(suite, suite.thief, AMOUNT, suite.nonce, suite.from, suite.disputes);
      await expect(
        suite.disputes.connect(suite.thief).depositWithAuthorization(suite.requester, suite.from, SALT, payment),
      ).to.be.revertedWithCustomError(suite.token, "ERC3009InvalidSignature");
    });
  });
});
