import { expect } from "chai";

import { SessionState } from "../../packages/sdk/src/codecs/session.ts";
import { loadFixture, time } from "../support/network.ts";
import { CALL_PRICE, COLLATERAL, conversing, DEPOSIT, TestSession } from "../support/sessions.ts";

const AMOUNT = 10n * CALL_PRICE;

async function opened() {
  const suite = await conversing();
  const session = await TestSession.open(suite);
  await session.redeem(AMOUNT);
  return { ...suite, suite, session };
}

describe("InferenceSessions.close", () => {
  const given = () => loadFixture(opened);

  context("when the payer or its key closes", () => {
    it("gives notice, in which the node can redeem, and returns nothing before its end [T102]", async () => {
      for (const by of ["requester", "delegator"] as const) {
        const { suite, sessions, requester, session } = await given();
        const before = await sessions.accountOf(requester);
        const closesAt = await session.noticeEnd();
        await expect(session.close(suite[by]))
          .to.emit(sessions, "SessionClosing")
          .withArgs(session.id, suite[by], closesAt);
        expect(await session.record()).to.deep.include({ state: SessionState.Open, funded: DEPOSIT, closesAt });
        await expect(session.settle())
          .to.be.revertedWithCustomError(sessions, "SessionsNothingDue")
          .withArgs(session.id);
        await time.increaseTo(closesAt);
        await session.settle();
        expect((await sessions.accountOf(requester)).balance).to.equal(before.balance + DEPOSIT - AMOUNT);
      }
    });

    it("reverts when it is closing already: asking again does not move the end [T113]", async () => {
      const { sessions, requester, session } = await given();
      const closesAt = await session.noticeEnd();
      await session.close(requester);
      for (const seconds of [0, 5]) {
        await time.increase(seconds);
        await expect(session.close(requester))
          .to.be.revertedWithCustomError(sessions, "SessionsClosing")
          .withArgs(session.id, closesAt);
      }
    });

    it("reverts when the session ends within the notice, and shortens it by a second at least", async () => {
      const { suite, sessions, requester } = await given();
      const notice = Number((await TestSession.agree(suite)).fields.rules.closeNoticePeriod);
      const session = await TestSession.open(suite);
      const { endsAt } = session.fields;
      await time.increaseTo(endsAt - notice);
      await expect(session.close(requester))
        .to.be.revertedWithCustomError(sessions, "SessionsClosing")
        .withArgs(session.id, endsAt);
      const longer = await TestSession.open(suite, { endsAt: endsAt + 1 });
      await longer.close(requester);
      expect((await longer.record()).closesAt).to.equal(endsAt);
    });
  });

  context("when the node closes", () => {
    it("ends the session at once and returns what nobody has redeemed; collateral goes on answering [T108]", async () => {
      for (const by of ["signer", "owner"] as const) {
        const { sessions, requester, first, version, session } = await given();
        const before = await sessions.accountOf(requester);
        const transaction = session.close(first[by]);
        await expect(transaction)
          .to.emit(sessions, "SessionClosing")
          .withArgs(session.id, first[by], await time.latest());
        await expect(transaction)
          .to.emit(sessions, "SessionSettled")
          .withArgs(session.id, SessionState.Closed, 0n, 0n, 0n, DEPOSIT - AMOUNT);
        expect(await session.record()).to.deep.include({
          state: SessionState.Closed,
          funded: AMOUNT,
          redeemed: AMOUNT,
          paid: 0n,
        });
        expect((await sessions.accountOf(requester)).balance).to.equal(before.balance + DEPOSIT - AMOUNT);
        expect((await sessions.servingOf(first.node, version)).used).to.equal(COLLATERAL);
      }
    });

    it("cuts the payer's notice short", async () => {
      const { requester, first, session } = await given();
      await session.close(requester);
      await time.increase(1);
      await session.close(first.signer);
      expect(await session.record()).to.deep.include({ state: SessionState.Closed, closesAt: await time.latest() });
    });

    it("pays what is final by then", async () => {
      const { sessions, first, version, session } = await given();
      await time.increase(Number(session.fields.rules.receiptHorizonPeriod));
      await session.close(first.signer);
      expect((await sessions.servingOf(first.node, version)).earned).to.equal((AMOUNT * 875n) / 1_000n);
    });
  });

  context("when anyone else closes", () => {
    it("reverts and names the caller", async () => {
      const { sessions, thief, second, publisher, session } = await given();
      for (const caller of [thief, second.signer, second.owner, publisher]) {
        await expect(session.close(caller))
          .to.be.revertedWithCustomError(sessions, "SessionsNotParty")
          .withArgs(session.id, caller);
      }
    });
  });

  context("given a session that is not open any more", () => {
    it("reverts and names it, its end or its state", async () => {
      const { suite, sessions, requester, first } = await given();
      const unknown = await TestSession.agree(suite);
      await expect(unknown.close(requester))
        .to.be.revertedWithCustomError(sessions, "SessionsUnknown")
        .withArgs(unknown.id);
      const session = await TestSession.open(suite);
      await time.increaseTo(session.fields.endsAt);
      for (const caller of [requester, first.signer]) {
        await expect(session.close(caller))
          .to.be.revertedWithCustomError(sessions, "SessionsClosing")
          .withArgs(session.id, session.fields.endsAt);
      }
      await session.settle();
      await expect(session.close(requester))
        .to.be.revertedWithCustomError(sessions, "SessionsWrongState")
        .withArgs(session.id, SessionState.Closed);
    });
  });
});
