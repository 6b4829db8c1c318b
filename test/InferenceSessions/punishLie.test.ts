import { expect } from "chai";
import { parseEther } from "ethers";

import { SessionState } from "../../packages/sdk/src/codecs/session.ts";
import { CLOCKS } from "../support/disputes.ts";
import { MAX_LOCK } from "../support/fixtures.ts";
import { ethers, loadFixture, time } from "../support/network.ts";
import { LYING } from "../support/optimistic.ts";
import { CALL_PRICE, COLLATERAL, conversing, DEPOSIT, TestSession } from "../support/sessions.ts";

const AMOUNT = 40n * CALL_PRICE;

/** A session in which the node has lied once, of which much was redeemed. */
async function lied() {
  const suite = await conversing();
  const session = await TestSession.open(suite);
  const receipt = await session.lie({ sequence: 17n });
  await session.redeem(AMOUNT);
  return { ...suite, suite, session, receipt };
}

/** The same, found false by one challenger. */
async function foundFalse() {
  const given = await lied();
  const { session, receipt, thief } = given;
  await session.show(receipt);
  await session.refute(receipt, [thief]);
  return given;
}

describe("InferenceSessions.punishLie", () => {
  context("given a receipt that was shown and found false", () => {
    const given = () => loadFixture(foundFalse);

    it("takes the whole collateral: the payer is whole, the challenger gets half of the rest, the other half burns", async () => {
      const { sessions, staking, token, requester, thief, first, version, session, receipt } = await given();
      const before = await sessions.accountOf(requester);
      const supply = await token.totalSupply();
      await time.increase(CLOCKS.floor);
      const reward = (COLLATERAL - CALL_PRICE) / 2n;
      const transaction = session.punishLie(receipt);
      await expect(transaction)
        .to.emit(sessions, "SessionFalsified")
        .withArgs(session.id, first.node, DEPOSIT, CALL_PRICE, [thief.address], reward);
      await expect(transaction).to.changeTokenBalance(ethers, token, sessions, CALL_PRICE + reward);
      expect(await session.record()).to.deep.include({
        state: SessionState.Falsified,
        funded: 0n,
        redeemed: 0n,
        paid: 0n,
        marked: 0n,
      });
      expect((await sessions.accountOf(requester)).balance).to.equal(before.balance + DEPOSIT + CALL_PRICE);
      expect((await sessions.accountOf(thief)).balance).to.equal(reward);
      const { maxLock, used } = await sessions.servingOf(first.node, version);
      expect([maxLock, used]).to.deep.equal([MAX_LOCK - COLLATERAL, 0n]);
      expect((await staking.lockOf(first.node, sessions, version)).amount).to.equal(MAX_LOCK - COLLATERAL);
      expect(await token.totalSupply()).to.equal(supply - reward);
    });

    it("reverts while others who are right can still say so, and names the time", async () => {
      const { disputes, session, receipt } = await given();
      const statementId = await session.statementId(receipt);
      const [, finalAt] = await disputes.sharersOf(statementId);
      await time.increaseTo(finalAt - 1n);
      await expect(session.punishLie(receipt))
        .to.be.revertedWithCustomError(disputes, "DisputeSharersNotFinal")
        .withArgs(statementId, finalAt);
      await time.increaseTo(finalAt);
      await session.punishLie(receipt);
    });

    it("punishes once: afterwards nothing can be claimed, closed or punished [I25]", async () => {
      const { sessions, requester, session, receipt } = await given();
      await time.increase(CLOCKS.floor);
      await session.punishLie(receipt);
      const other = await session.receipt({ sequence: 18n });
      for (const call of [
        () => session.punishLie(receipt),
        () => session.settle(),
        () => session.close(requester),
        () => sessions.connect(requester).topUp(session.packed, requester, DEPOSIT, []),
        async () => session.contradict(requester, other, await session.lie({ sequence: 18n })),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(sessions, "SessionsWrongState")
          .withArgs(session.id, SessionState.Falsified);
      }
      await expect(session.redeem(2n * AMOUNT))
        .to.be.revertedWithCustomError(sessions, "SessionsVoucherRefused")
        .withArgs(session.id, 1, 2n * AMOUNT, 0n, 0n);
      await expect(session.openAs(requester))
        .to.be.revertedWithCustomError(sessions, "SessionsExists")
        .withArgs(session.id);
    });

    it("leaves what was final before with those who have earned it", async () => {
      const { suite, sessions, requester, thief, publisher, first, version } = await given();
      const session = await TestSession.open(suite);
      await session.redeem(AMOUNT);
      await time.increase(Number(session.fields.rules.receiptHorizonPeriod));
      await session.settle();
      await session.redeem(AMOUNT + CALL_PRICE);
      const receipt = await session.lie();
      const before = await sessions.accountOf(requester);
      await session.show(receipt);
      await session.refute(receipt, [thief]);
      await time.increase(CLOCKS.floor);
      await session.punishLie(receipt);
      expect((await sessions.accountOf(requester)).balance).to.equal(before.balance + DEPOSIT - AMOUNT + CALL_PRICE);
      expect((await sessions.servingOf(first.node, version)).earned).to.equal((AMOUNT * 875n) / 1_000n);
      expect((await sessions.accountOf(publisher)).balance).to.equal(AMOUNT / 10n);
      expect(await session.record()).to.deep.include({
        funded: AMOUNT,
        redeemed: AMOUNT,
        paid: AMOUNT,
        marked: AMOUNT,
      });
    });

    it("still punishes in the last second in which the collateral answers [T108]", async () => {
      const { sessions, first, session, receipt } = await given();
      await session.close(first.signer);
      const { closesAt } = await session.record();
      await time.increaseTo(closesAt + Number(session.fields.rules.horizonPeriod) - 1);
      await session.punishLie(receipt);
      expect((await session.record()).state).to.equal(SessionState.Falsified);
      expect(await sessions.sessionOf(session.id)).not.to.equal(0n);
    });

    it("reverts for another session than the receipt's, and names both ids", async () => {
      const { suite, sessions, stranger, session, receipt } = await given();
      await time.increase(CLOCKS.floor);
      const other = await TestSession.open(suite);
      await expect(sessions.connect(stranger).punishLie(other.packed, receipt))
        .to.be.revertedWithCustomError(sessions, "SessionsNotShown")
        .withArgs(other.id, await session.statementId(receipt));
    });
  });

  context("given a receipt that names a price of its own", () => {
    for (const [given, paid] of [
      [0n, 0n],
      [CALL_PRICE / 2n, CALL_PRICE / 2n],
      [parseEther("1000000"), CALL_PRICE],
    ] as const) {
      it(`pays back ${paid} of a price of ${given}: never more than the session's`, async () => {
        const { suite, sessions, thief, first } = await loadFixture(lied);
        const session = await TestSession.open(suite);
        const receipt = await session.lie({ price: given });
        await session.show(receipt);
        await session.refute(receipt, [thief]);
        await time.increase(CLOCKS.floor);
        await expect(session.punishLie(receipt))
          .to.emit(sessions, "SessionFalsified")
          .withArgs(session.id, first.node, DEPOSIT, paid, [thief.address], (COLLATERAL - paid) / 2n);
      });
    }
  });

  context("given a receipt that is not found false", () => {
    it("reverts before it was shown, while it is open, and when it stands", async () => {
      const { sessions, session, receipt } = await loadFixture(lied);
      const statementId = await session.statementId(receipt);
      await expect(session.punishLie(receipt))
        .to.be.revertedWithCustomError(sessions, "SessionsNotShown")
        .withArgs(session.id, statementId);
      await session.show(receipt);
      for (const seconds of [0, Number(session.fields.rules.receiptHorizonPeriod)]) {
        await time.increase(seconds);
        await expect(session.punishLie(receipt))
          .to.be.revertedWithCustomError(sessions, "SessionsNotFalse")
          .withArgs(session.id, statementId);
      }
    });

    it("reverts for another output than the one that was found false", async () => {
      const { sessions, session, receipt } = await loadFixture(foundFalse);
      const other = { ...receipt, sequence: 18n };
      expect(other.outputRoot).to.equal(LYING.outputRoot);
      await expect(session.punishLie(other))
        .to.be.revertedWithCustomError(sessions, "SessionsNotShown")
        .withArgs(session.id, await session.statementId(other));
    });
  });

  context("given a session for which nothing answers", () => {
    it("reverts and names it, or its state", async () => {
      const { suite, sessions, first, session, receipt } = await loadFixture(lied);
      const unknown = await TestSession.agree(suite);
      await expect(unknown.punishLie(receipt))
        .to.be.revertedWithCustomError(sessions, "SessionsUnknown")
        .withArgs(unknown.id);
      await session.close(first.signer);
      await time.increase(Number(session.fields.rules.horizonPeriod));
      await session.settle();
      await expect(session.punishLie(receipt))
        .to.be.revertedWithCustomError(sessions, "SessionsWrongState")
        .withArgs(session.id, SessionState.Released);
    });
  });
});
