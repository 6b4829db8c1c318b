import { expect } from "chai";
import { id, MaxUint256, parseEther, ZeroAddress } from "ethers";

import { depositPaymentNonce } from "../../../packages/sdk/src/codecs/job.ts";
import { type DisputeGame, type InferenceMarketplace, Wallet1271__factory } from "../../../typechain-types/index.ts";
import { protocol, type Protocol } from "../fixtures.ts";
import { loadFixture } from "../network.ts";
import { chainId, signPayment, signPermit } from "../payments.ts";

const AMOUNT = parseEther("5");
const SALT = id("one deposit");

/** A contract of the suite that keeps balances, and how to see that one of them is so much. */
export interface LedgerCase {
  readonly of: (suite: Protocol) => DisputeGame | InferenceMarketplace;
  readonly expectBalance: (suite: Protocol, account: { readonly address: string }, expected: bigint) => Promise<void>;
}

export const disputesLedger: LedgerCase = {
  of: ({ disputes }) => disputes,
  expectBalance: async ({ disputes }, account, expected) => {
    expect(await disputes.balanceOf(account.address)).to.equal(expected);
  },
};

export const marketLedger: LedgerCase = {
  of: ({ market }) => market,
  expectBalance: async ({ market }, account, expected) => {
    expect(await market.accountOf(account.address)).to.deep.equal([expected, 0n]);
  },
};

async function suiteOf({ of, expectBalance }: LedgerCase) {
  const suite = await loadFixture(protocol);
  return {
    ...suite,
    ledger: of(suite),
    expectBalance: (account: { readonly address: string }, expected: bigint) => expectBalance(suite, account, expected),
  };
}

/** What holds of `deposit` wherever balances are kept. */
export function takesDeposits(which: LedgerCase): void {
  context("given an allowance", () => {
    async function allowed() {
      const suite = await suiteOf(which);
      await suite.token.connect(suite.deployer).approve(suite.ledger, AMOUNT);
      return suite;
    }

    it("moves the caller's tokens into anyone's balance", async () => {
      const { ledger, expectBalance, token, deployer, requester } = await allowed();
      const held = await token.balanceOf(deployer);
      await expect(ledger.connect(deployer).deposit(requester, AMOUNT))
        .to.emit(ledger, "Deposited")
        .withArgs(requester, AMOUNT);
      await expectBalance(requester, AMOUNT);
      expect(await token.balanceOf(ledger)).to.equal(AMOUNT);
      expect(await token.balanceOf(deployer)).to.equal(held - AMOUNT);
    });

    it("adds to what is there", async () => {
      const { ledger, expectBalance, deployer, requester } = await allowed();
      await ledger.connect(deployer).deposit(requester, AMOUNT - 1n);
      await ledger.connect(deployer).deposit(requester, 1n);
      await expectBalance(requester, AMOUNT);
    });

    context("when the account is zero", () => {
      it("reverts", async () => {
        const { ledger, deployer } = await allowed();
        await expect(ledger.connect(deployer).deposit(ZeroAddress, AMOUNT)).to.be.revertedWithCustomError(
          ledger,
          "LedgerZeroAccount",
        );
      });
    });

    context("when it is too small", () => {
      it("reverts with the token's own error and credits nothing [I02]", async () => {
        const { ledger, expectBalance, token, deployer, requester } = await allowed();
        await expect(ledger.connect(deployer).deposit(requester, AMOUNT + 1n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(ledger, AMOUNT, AMOUNT + 1n);
        await expectBalance(requester, 0n);
      });
    });
  });

  context("given tokens that were sent to the contract without a deposit", () => {
    it("credits them to nobody [T006]", async () => {
      const { ledger, expectBalance, token, deployer, requester } = await suiteOf(which);
      await token.connect(deployer).transfer(ledger, AMOUNT);
      await expectBalance(requester, 0n);
      await expectBalance(deployer, 0n);
    });
  });
}

/** What holds of `depositWithPermit` wherever balances are kept. */
export function takesPermits(which: LedgerCase): void {
  context("given a permit of the caller", () => {
    async function permitted() {
      const suite = await suiteOf(which);
      const { v, r, s } = await signPermit(suite.token, suite.deployer, AMOUNT, suite.ledger);
      return { ...suite, permit: [MaxUint256, v, r, s] as const };
    }

    it("deposits without an allowance before", async () => {
      const { ledger, expectBalance, token, deployer, requester, permit } = await permitted();
      await expect(ledger.connect(deployer).depositWithPermit(requester, AMOUNT, ...permit))
        .to.emit(ledger, "Deposited")
        .withArgs(requester, AMOUNT);
      await expectBalance(requester, AMOUNT);
      expect(await token.allowance(deployer, ledger)).to.equal(0n);
    });

    context("when somebody has spent the permit before", () => {
      it("deposits all the same [T002]", async () => {
        const { ledger, expectBalance, token, deployer, requester, thief, permit } = await permitted();
        await token.connect(thief).permit(deployer, ledger, AMOUNT, ...permit);
        await ledger.connect(deployer).depositWithPermit(requester, AMOUNT, ...permit);
        await expectBalance(requester, AMOUNT);
      });
    });

    context("when somebody else sends it", () => {
      it("reverts, because only the caller's own permit counts", async () => {
        const { ledger, token, thief, permit } = await permitted();
        await expect(ledger.connect(thief).depositWithPermit(thief, AMOUNT, ...permit))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(ledger, 0n, AMOUNT);
      });
    });
  });
}

/** What holds of `depositWithAuthorization` wherever balances are kept. */
export function takesAuthorisations(which: LedgerCase): void {
  /** A payer who has signed a payment of `AMOUNT` into the requester's balance. */
  async function signed() {
    const suite = await suiteOf(which);
    const nonce = await nonceOf(suite);
    return { ...suite, nonce, payment: await signPayment(suite.token, suite.deployer, AMOUNT, nonce, suite.ledger) };
  }

  context("given a payment that names account and salt", () => {
    it("lets anyone send it", async () => {
      const { ledger, expectBalance, token, deployer, requester, stranger, payment } = await signed();
      await expect(ledger.connect(stranger).depositWithAuthorization(requester, deployer, SALT, payment))
        .to.emit(ledger, "Deposited")
        .withArgs(requester, AMOUNT);
      await expectBalance(requester, AMOUNT);
      expect(await token.balanceOf(ledger)).to.equal(AMOUNT);
    });

    context("when a relayer swaps the account", () => {
      it("reverts, because the nonce is another [T004]", async () => {
        const { ledger, token, deployer, thief, payment } = await signed();
        await expect(
          ledger.connect(thief).depositWithAuthorization(thief, deployer, SALT, payment),
        ).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
      });
    });

    context("when a relayer swaps salt or value", () => {
      it("reverts [T004]", async () => {
        const { ledger, token, deployer, requester, thief, payment } = await signed();
        const relay = ledger.connect(thief);
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
        const { ledger, expectBalance, token, deployer, requester, stranger, payment, nonce } = await signed();
        await ledger.connect(stranger).depositWithAuthorization(requester, deployer, SALT, payment);
        await expect(ledger.connect(stranger).depositWithAuthorization(requester, deployer, SALT, payment))
          .to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization")
          .withArgs(deployer, nonce);
        await expectBalance(requester, AMOUNT);
      });
    });

    context("when somebody takes it to the token", () => {
      it("reverts, so that tokens never arrive without a credit [T003]", async () => {
        const { ledger, token, deployer, thief, payment, nonce } = await signed();
        const { value, validAfter, validBefore, signature } = payment;
        const receive =
          token.connect(thief)["receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"];
        await expect(receive(deployer, ledger, value, validAfter, validBefore, nonce, signature))
          .to.be.revertedWithCustomError(token, "ERC20InvalidReceiver")
          .withArgs(ledger);
        expect(await token.balanceOf(ledger)).to.equal(0n);
      });
    });
  });

  context("given a zero account", () => {
    it("reverts", async () => {
      const { ledger, deployer, payment } = await signed();
      await expect(
        ledger.depositWithAuthorization.staticCall(ZeroAddress, deployer, SALT, payment),
      ).to.be.revertedWithCustomError(ledger, "LedgerZeroAccount");
    });
  });

  context("given a contract wallet that pays", () => {
    async function wallet() {
      const suite = await suiteOf(which);
      const { token, deployer, publisher } = suite;
      const wallet = await new Wallet1271__factory(deployer).deploy(publisher);
      await token.connect(deployer).transfer(wallet, AMOUNT);
      return { ...suite, from: await wallet.getAddress(), nonce: await nonceOf(suite) };
    }

    it("takes what its owner signed", async () => {
      const { ledger, expectBalance, token, publisher, requester, stranger, from, nonce } = await wallet();
      const payment = await signPayment(token, publisher, AMOUNT, nonce, ledger, from);
      await ledger.connect(stranger).depositWithAuthorization(requester, from, SALT, payment);
      await expectBalance(requester, AMOUNT);
      expect(await token.balanceOf(from)).to.equal(0n);
    });

    it("refuses what anyone else signed", async () => {
      const { ledger, token, requester, thief, from, nonce } = await wallet();
      const payment = await signPayment(token, thief, AMOUNT, nonce, ledger, from);
      await expect(
        ledger.connect(thief).depositWithAuthorization(requester, from, SALT, payment),
      ).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
    });
  });
}

/** What holds of `withdraw` wherever balances are kept. */
export function paysOut(which: LedgerCase): void {
  /** Two accounts with a balance of `AMOUNT` each. */
  async function funded() {
    const suite = await suiteOf(which);
    const { ledger, token, deployer, requester, thief } = suite;
    await token.connect(deployer).approve(ledger, 2n * AMOUNT);
    for (const account of [requester, thief]) await ledger.connect(deployer).deposit(account, AMOUNT);
    return suite;
  }

  context("given a balance", () => {
    it("pays it to whom the caller names, and nothing of another's [I08]", async () => {
      const { ledger, expectBalance, token, requester, stranger, thief } = await funded();
      await expect(ledger.connect(requester).withdraw(stranger, AMOUNT))
        .to.emit(ledger, "Withdrawn")
        .withArgs(requester, stranger, AMOUNT);
      expect(await token.balanceOf(stranger)).to.equal(AMOUNT);
      expect(await token.balanceOf(ledger)).to.equal(AMOUNT);
      await expectBalance(requester, 0n);
      await expectBalance(thief, AMOUNT);
    });

    context("when more is asked for", () => {
      it("reverts and names what is there and what was asked", async () => {
        const { ledger, requester } = await funded();
        await expect(ledger.connect(requester).withdraw(requester, AMOUNT + 1n))
          .to.be.revertedWithCustomError(ledger, "LedgerInsufficientBalance")
          .withArgs(requester, AMOUNT, AMOUNT + 1n);
      });
    });

    context("when nobody is named", () => {
      it("reverts", async () => {
        const { ledger, requester } = await funded();
        await expect(ledger.connect(requester).withdraw(ZeroAddress, 1n)).to.be.revertedWithCustomError(
          ledger,
          "LedgerZeroAccount",
        );
      });
    });
  });

  context("given no balance", () => {
    it("reverts, whoever else has one", async () => {
      const { ledger, publisher } = await funded();
      await expect(ledger.connect(publisher).withdraw(publisher, 1n))
        .to.be.revertedWithCustomError(ledger, "LedgerInsufficientBalance")
        .withArgs(publisher, 0n, 1n);
    });
  });
}

async function nonceOf({ ledger, requester }: Awaited<ReturnType<typeof suiteOf>>): Promise<string> {
  return depositPaymentNonce(await chainId(), await ledger.getAddress(), requester.address, SALT);
}
