import { expect } from "chai";
import { parseEther } from "ethers";

import { PRICE_UNIT } from "../../packages/sdk/src/codecs/priceUnit.ts";
import { SessionState } from "../../packages/sdk/src/codecs/session.ts";
import { loadFixture, time } from "../support/network.ts";
import { CALL_PRICE, COLLATERAL, conversing, DEPOSIT, TestSession } from "../support/sessions.ts";

const AMOUNT = 10n * CALL_PRICE;

async function redeemed() {
  const suite = await conversing();
  const session = await TestSession.open(suite);
  await session.redeem(AMOUNT);
  return { ...suite, suite, session };
}

describe("InferenceSessions.settle", () => {
  const given = () => loadFixture(redeemed);

  context("given money that waits for its receipts", () => {
    it("pays node, owner and treasury in the first second in which none can be disputed, and not before", async () => {
      const { sessions, requester, publisher, first, version, session } = await given();
      const { markedAt } = await session.record();
      const finalAt = markedAt + Number(session.fields.rules.receiptHorizonPeriod);
      await time.increaseTo(finalAt - 1);
      await expect(session.settle()).to.be.revertedWithCustomError(sessions, "SessionsNothingDue").withArgs(session.id);
      await time.increaseTo(finalAt);
      const [pay, fee, royalty] = [parseEther("8.75"), parseEther("0.25"), parseEther("1")];
      await expect(session.settle())
        .to.emit(sessions, "SessionSettled")
        .withArgs(session.id, SessionState.Open, pay, fee, royalty, 0n);
      expect((await sessions.servingOf(first.node, version)).earned).to.equal(pay);
      expect((await sessions.accountOf(publisher)).balance).to.equal(royalty);
      expect((await sessions.accountOf(requester)).fees).to.equal(fee);
      expect(await session.record()).to.deep.include({ paid: AMOUNT, marked: AMOUNT, redeemed: AMOUNT });
      await expect(session.settle()).to.be.revertedWithCustomError(sessions, "SessionsNothingDue").withArgs(session.id);
    });

    it("divides without a rest, in favour of the node", async () => {
      const { suite, sessions, publisher, requester, first, version } = await given();
      const session = await TestSession.open(suite, { callPrice: 7n * PRICE_UNIT, royalty: 2_100_000_000_000n });
      await session.redeem(PRICE_UNIT);
      await time.increase(40);
      await session.settle();
      const { earned } = await sessions.servingOf(first.node, version);
      const { balance } = await sessions.accountOf(publisher);
      const { fees } = await sessions.accountOf(requester);
      expect([earned, fees, balance]).to.deep.equal([675_000_000_000n, 25_000_000_000n, 300_000_000_000n]);
      expect(earned + fees + balance).to.equal(PRICE_UNIT);
    });
  });

  context("given a session that has ended by itself", () => {
    it("returns the rest in its first second, not before [I10]", async () => {
      const { sessions, requester, session } = await given();
      const { endsAt } = session.fields;
      const before = await sessions.accountOf(requester);
      await time.increase(40);
      await session.settle();
      await time.increaseTo(endsAt - 1);
      await expect(session.settle()).to.be.revertedWithCustomError(sessions, "SessionsNothingDue").withArgs(session.id);
      await time.increaseTo(endsAt);
      await expect(session.settle())
        .to.emit(sessions, "SessionSettled")
        .withArgs(session.id, SessionState.Closed, 0n, 0n, 0n, DEPOSIT - AMOUNT);
      expect((await sessions.accountOf(requester)).balance).to.equal(before.balance + DEPOSIT - AMOUNT);
    });

    it("lets the collateral go when no verdict can come in any more, not before, and once [T108 I07]", async () => {
      const { sessions, first, version, session } = await given();
      const releasableAt = session.fields.endsAt + Number(session.fields.rules.horizonPeriod);
      await time.increaseTo(releasableAt - 1);
      await session.settle();
      expect((await session.record()).state).to.equal(SessionState.Closed);
      expect((await sessions.servingOf(first.node, version)).used).to.equal(COLLATERAL);
      await time.increaseTo(releasableAt);
      await expect(session.settle())
        .to.emit(sessions, "SessionSettled")
        .withArgs(session.id, SessionState.Released, 0n, 0n, 0n, 0n);
      expect((await sessions.servingOf(first.node, version)).used).to.equal(0n);
      await expect(session.settle())
        .to.be.revertedWithCustomError(sessions, "SessionsWrongState")
        .withArgs(session.id, SessionState.Released);
    });

    it("does all at once when nobody came before", async () => {
      const { sessions, requester, first, version, session } = await given();
      const before = await sessions.accountOf(requester);
      await time.increaseTo(session.fields.endsAt + Number(session.fields.rules.horizonPeriod));
      const [pay, fee, royalty] = [parseEther("8.75"), parseEther("0.25"), parseEther("1")];
      await expect(session.settle())
        .to.emit(sessions, "SessionSettled")
        .withArgs(session.id, SessionState.Released, pay, fee, royalty, DEPOSIT - AMOUNT);
      expect((await sessions.accountOf(requester)).balance).to.equal(before.balance + DEPOSIT - AMOUNT);
      const { used, earned } = await sessions.servingOf(first.node, version);
      expect([used, earned]).to.deep.equal([0n, pay]);
      expect(await session.record()).to.deep.include({
        funded: AMOUNT,
        redeemed: AMOUNT,
        paid: AMOUNT,
        marked: AMOUNT,
      });
    });

    it("pays what was redeemed last with the collateral, however late it was marked", async () => {
      const { session, first, sessions, version } = await given();
      await time.increaseTo(session.fields.endsAt - 1);
      await session.redeem(DEPOSIT);
      await time.increaseTo(session.fields.endsAt + Number(session.fields.rules.horizonPeriod));
      await session.settle();
      expect((await session.record()).paid).to.equal(DEPOSIT);
      expect((await sessions.servingOf(first.node, version)).earned).to.equal((DEPOSIT * 875n) / 1_000n);
    });
  });

  context("given a session of which nothing was redeemed", () => {
    it("returns all of it, and pays nobody", async () => {
      const { suite, sessions, requester, publisher, first, version } = await given();
      const before = await sessions.accountOf(requester);
      const session = await TestSession.open(suite);
      await session.close(first.signer);
      await time.increase(Number(session.fields.rules.horizonPeriod));
      await session.settle();
      expect((await sessions.accountOf(requester)).balance).to.equal(before.balance);
      expect((await sessions.accountOf(publisher)).balance).to.equal(0n);
      expect((await sessions.servingOf(first.node, version)).used).to.equal(COLLATERAL); // of the other session
    });
  });

  context("given no such session", () => {
    it("reverts and names it", async () => {
      const { suite, sessions } = await given();
      const unknown = await TestSession.agree(suite);
      await expect(unknown.settle()).to.be.revertedWithCustomError(sessions, "SessionsUnknown").withArgs(unknown.id);
    });
  });
});
