import { expect } from "chai";
import { ZeroHash } from "ethers";

import { abiEncode } from "../../packages/sdk/src/codecs/abi.ts";
import { paymentNonce } from "../../packages/sdk/src/codecs/job.ts";
import { SessionState } from "../../packages/sdk/src/codecs/session.ts";
import { Wallet1271__factory } from "../../typechain-types/index.ts";
import { loadFixture } from "../support/network.ts";
import type { Offering } from "../support/optimistic.ts";
import { type Payment, chainId, signPayment } from "../support/payments.ts";
import { consentTo, conversing, DEPOSIT, TestSession } from "../support/sessions.ts";

const FEE = DEPOSIT / 50n;

/** What a payer signs for a session that a relayer opens. */
async function authorise(
  suite: Offering,
  session: TestSession,
  value = DEPOSIT + FEE,
  from?: string,
  fee = FEE,
): Promise<Payment> {
  const { sessions, token, requester } = suite;
  const subject = abiEncode(["bytes32", "uint256", "uint256"], [session.id, DEPOSIT, fee]);
  const nonce = paymentNonce(await chainId(), await sessions.getAddress(), subject);
  return signPayment(token, requester, value, nonce, sessions, from);
}

/** A payer with tokens and an empty balance, and all that it has signed. */
async function signed() {
  const suite = await conversing();
  const { sessions, token, requester, deployer } = suite;
  const { balance } = await sessions.accountOf(requester);
  await sessions.connect(requester).withdraw(deployer, balance);
  await token.connect(deployer).transfer(requester, 10n * DEPOSIT);
  const session = await TestSession.agree(suite);
  const payment = await authorise(suite, session);
  return { ...suite, suite, session, payment, consent: await consentTo(suite, session.id) };
}

describe("InferenceSessions.openWithAuthorization", () => {
  const given = () => loadFixture(signed);

  context("given a payment that the payer signed for this very session", () => {
    it("opens it for whoever brings it, and pays the fee that was signed", async () => {
      const { sessions, token, requester, stranger, first, session, payment, consent } = await given();
      const transaction = await sessions
        .connect(stranger)
        .openWithAuthorization(session.packed, DEPOSIT, FEE, consent, payment);
      await expect(transaction)
        .to.emit(sessions, "Deposited")
        .withArgs(requester, DEPOSIT + FEE);
      await expect(transaction).to.emit(sessions, "BalanceMoved").withArgs(requester, stranger, FEE);
      await expect(transaction)
        .to.emit(sessions, "SessionOpened")
        .withArgs(session.id, requester, first.node, Object.values(session.packed), DEPOSIT);
      expect((await session.record()).funded).to.equal(DEPOSIT);
      expect((await sessions.accountOf(stranger)).balance).to.equal(FEE);
      expect((await sessions.accountOf(requester)).balance).to.equal(0n);
      expect(await token.balanceOf(requester)).to.equal(10n * DEPOSIT - DEPOSIT - FEE);
    });

    it("moves nothing where no fee was signed", async () => {
      const { suite, sessions, stranger, session, consent } = await given();
      const free = await authorise(suite, session, DEPOSIT, undefined, 0n);
      await expect(
        sessions.connect(stranger).openWithAuthorization(session.packed, DEPOSIT, 0n, consent, free),
      ).not.to.emit(sessions, "BalanceMoved");
      expect((await session.record()).funded).to.equal(DEPOSIT);
    });

    it("opens it once [T005]", async () => {
      const { sessions, token, stranger, session, payment, consent, requester } = await given();
      const open = () =>
        sessions.connect(stranger).openWithAuthorization(session.packed, DEPOSIT, FEE, consent, payment);
      await open();
      const subject = abiEncode(["bytes32", "uint256", "uint256"], [session.id, DEPOSIT, FEE]);
      await expect(open())
        .to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization")
        .withArgs(requester, paymentNonce(await chainId(), await sessions.getAddress(), subject));
    });
  });

  context("when the relayer swaps what was signed", () => {
    it("reverts for another deposit, fee or session [T004]", async () => {
      const { suite, sessions, token, stranger, session, payment, consent } = await given();
      const other = await TestSession.agree(suite);
      const others = await consentTo(suite, other.id);
      for (const [brought, deposit, fee, agreed, paid] of [
        [session, DEPOSIT - FEE, FEE, consent, payment],
        [session, DEPOSIT, FEE + 1n, consent, payment],
        [session, DEPOSIT - FEE, 2n * FEE, consent, payment],
        [other, DEPOSIT, FEE, others, payment],
        [session, DEPOSIT, FEE, consent, { ...payment, value: payment.value - 1n }],
      ] as const) {
        await expect(
          sessions.connect(stranger).openWithAuthorization(brought.packed, deposit, fee, agreed, paid),
        ).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
      }
      expect((await session.record()).state).to.equal(SessionState.None);
    });

    it("reverts for another consent than the node's, and spends nothing", async () => {
      const { suite, sessions, token, requester, stranger, thief, first, session, payment } = await given();
      const consent = await consentTo(suite, session.id, thief);
      await expect(sessions.connect(stranger).openWithAuthorization(session.packed, DEPOSIT, FEE, consent, payment))
        .to.be.revertedWithCustomError(sessions, "SessionsNoConsent")
        .withArgs(session.id, first.signer, consent.validUntil);
      expect(await token.balanceOf(requester)).to.equal(10n * DEPOSIT);
    });
  });

  context("given a payment of nothing", () => {
    it("spends the payer's balance: its word alone was missing", async () => {
      const { suite, sessions, token, deployer, requester, stranger, session, consent } = await given();
      await token.connect(deployer).approve(sessions, DEPOSIT + FEE);
      await sessions.connect(deployer).deposit(requester, DEPOSIT + FEE);
      const nothing = await authorise(suite, session, 0n);
      await sessions.connect(stranger).openWithAuthorization(session.packed, DEPOSIT, FEE, consent, nothing);
      expect((await session.record()).funded).to.equal(DEPOSIT);
      expect((await sessions.accountOf(requester)).balance).to.equal(0n);
    });

    it("reverts when the balance is short of deposit and fee, and names both", async () => {
      const { suite, sessions, token, deployer, requester, stranger, session, consent } = await given();
      const open = async (value: bigint) =>
        sessions
          .connect(stranger)
          .openWithAuthorization(session.packed, DEPOSIT, FEE, consent, await authorise(suite, session, value));
      await expect(open(FEE - 1n))
        .to.be.revertedWithCustomError(sessions, "LedgerInsufficientBalance")
        .withArgs(requester, FEE - 1n, FEE);
      await expect(open(DEPOSIT + FEE - 1n))
        .to.be.revertedWithCustomError(sessions, "LedgerInsufficientBalance")
        .withArgs(requester, DEPOSIT - 1n, DEPOSIT);
      expect(await token.balanceOf(deployer)).to.be.greaterThan(0n);
    });
  });

  context("given a contract as payer (ERC-1271)", () => {
    it("opens, redeems and returns to the contract; its key needs no contract later [T105]", async () => {
      const { suite, sessions, token, deployer, requester, stranger, first } = await given();
      const wallet = await new Wallet1271__factory(deployer).deploy(requester);
      const payer = await wallet.getAddress();
      await token.connect(deployer).transfer(wallet, DEPOSIT + FEE);
      const session = await TestSession.agree(suite, { payer });
      const payment = await authorise(suite, session, DEPOSIT + FEE, payer);
      const consent = await consentTo(suite, session.id);
      await sessions.connect(stranger).openWithAuthorization(session.packed, DEPOSIT, FEE, consent, payment);
      await session.redeem(DEPOSIT / 4n);
      await session.close(first.signer);
      expect((await sessions.accountOf(payer)).balance).to.equal((DEPOSIT * 3n) / 4n);
    });

    it("reverts when its owner has not signed [T105]", async () => {
      const { suite, sessions, token, deployer, stranger } = await given();
      const wallet = await new Wallet1271__factory(deployer).deploy(stranger);
      const payer = await wallet.getAddress();
      await token.connect(deployer).transfer(wallet, DEPOSIT + FEE);
      const session = await TestSession.agree(suite, { payer });
      const payment = await authorise(suite, session, DEPOSIT + FEE, payer);
      const consent = await consentTo(suite, session.id);
      const relay = sessions.connect(stranger);
      for (const given of [payment, { ...payment, signature: ZeroHash }]) {
        await expect(
          relay.openWithAuthorization(session.packed, DEPOSIT, FEE, consent, given),
        ).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
      }
    });
  });
});
