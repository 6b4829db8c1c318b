import { expect } from "chai";
import { id, ZeroAddress } from "ethers";

import { receiptHash } from "../../packages/sdk/src/codecs/receipt.ts";
import { SessionState } from "../../packages/sdk/src/codecs/session.ts";
import { postBatch } from "../support/batches.ts";
import { signConsent } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { CALL_PRICE, COLLATERAL, conversing, DEPOSIT, TestSession } from "../support/sessions.ts";

const REWARD = (COLLATERAL - CALL_PRICE) / 2n;

async function opened() {
  const suite = await conversing();
  const session = await TestSession.open(suite);
  await session.redeem(10n * CALL_PRICE);
  return { ...suite, suite, session, receipt: await session.receipt() };
}

describe("InferenceSessions.punishContradiction", () => {
  const given = () => loadFixture(opened);

  context("given two receipts for one call", () => {
    for (const [field, change] of [
      ["output", { outputRoot: id("another output") }],
      ["input", { inputRoot: id("another input") }],
      ["version", { versionId: id("another version") }],
    ] as const) {
      it(`takes the whole collateral at once when they differ in the ${field} [T107]`, async () => {
        const { sessions, requester, stranger, first, version, session, receipt } = await given();
        const before = await sessions.accountOf(requester);
        await expect(session.contradict(stranger, receipt, { ...receipt, ...change }))
          .to.emit(sessions, "SessionFalsified")
          .withArgs(session.id, first.node, DEPOSIT, CALL_PRICE, [stranger.address], REWARD);
        expect((await session.record()).state).to.equal(SessionState.Falsified);
        expect((await sessions.accountOf(requester)).balance).to.equal(before.balance + DEPOSIT + CALL_PRICE);
        expect((await sessions.accountOf(stranger)).balance).to.equal(REWARD);
        expect((await sessions.servingOf(first.node, version)).used).to.equal(0n);
      });
    }

    it("takes the higher of their prices, up to that of a call", async () => {
      const { sessions, stranger, first, session, receipt } = await given();
      const paid = CALL_PRICE / 2n;
      const [low, high] = [
        { ...receipt, price: 1n },
        { ...receipt, price: paid, outputRoot: id("another output") },
      ];
      await expect(session.contradict(stranger, low, high))
        .to.emit(sessions, "SessionFalsified")
        .withArgs(session.id, first.node, DEPOSIT, paid, [stranger.address], (COLLATERAL - paid) / 2n);
    });

    it("is proven by a signature and a batch as well [T110]", async () => {
      const { suite, sessions, stranger, first, session, receipt } = await given();
      const other = { ...receipt, outputRoot: id("another output") };
      const { batch, pathOf } = await postBatch(suite, first, [receiptHash(other), id("something else")]);
      await expect(
        sessions
          .connect(stranger)
          .punishContradiction(
            session.packed,
            receipt,
            await session.signed(receipt),
            other,
            TestSession.inBatch(batch, 0n, pathOf(0)),
          ),
      )
        .to.emit(sessions, "SessionFalsified")
        .withArgs(session.id, first.node, DEPOSIT, CALL_PRICE, [stranger.address], REWARD);
    });

    it("reverts when they say the same, at another price or time, in another batch or twice in one [T107 T110]", async () => {
      const { suite, sessions, stranger, first, session, receipt } = await given();
      await time.increase(1);
      const later = { ...receipt, issuedAt: await time.latest() };
      const twice = await postBatch(suite, first, [receiptHash(receipt), receiptHash(receipt)]);
      const again = await postBatch(suite, first, [receiptHash(receipt), id("something else")]);
      const signed = await session.signed(receipt);
      for (const [other, proof] of [
        [receipt, signed],
        [later, await session.signed(later)],
        [{ ...receipt, price: 7n }, await session.signed({ ...receipt, price: 7n })],
        [receipt, TestSession.inBatch(twice.batch, 1n, twice.pathOf(1))],
        [receipt, TestSession.inBatch(again.batch, 0n, again.pathOf(0))],
      ] as const) {
        await expect(sessions.connect(stranger).punishContradiction(session.packed, receipt, signed, other, proof))
          .to.be.revertedWithCustomError(sessions, "SessionsNoContradiction")
          .withArgs(session.id, 1n, 1n);
      }
    });

    it("reverts when they are about different calls, and names both", async () => {
      const { sessions, stranger, session, receipt } = await given();
      const other = await session.lie({ sequence: 2n });
      await expect(session.contradict(stranger, receipt, other))
        .to.be.revertedWithCustomError(sessions, "SessionsNoContradiction")
        .withArgs(session.id, 1n, 2n);
    });
  });

  context("given receipts that the node has not made", () => {
    it("reverts for a forged one, in either place, and names who may sign [T107]", async () => {
      const { sessions, receipts, stranger, thief, first, session, receipt } = await given();
      const other = await session.lie();
      const [right, wrong] = [await session.signed(receipt), await session.signed(other, thief)];
      for (const [one, oneProof, two, twoProof] of [
        [receipt, right, other, wrong],
        [other, wrong, receipt, right],
      ] as const) {
        await expect(sessions.connect(stranger).punishContradiction(session.packed, one, oneProof, two, twoProof))
          .to.be.revertedWithCustomError(receipts, "ReceiptsNotSigned")
          .withArgs(session.id, thief, first.signer);
      }
    });

    it("reverts for one of another session", async () => {
      const { suite, receipts, stranger, session, receipt } = await given();
      const foreign = await TestSession.open(suite);
      await expect(session.contradict(stranger, receipt, await foreign.lie()))
        .to.be.revertedWithCustomError(receipts, "ReceiptsForeign")
        .withArgs(foreign.id, session.id);
    });

    it("reverts for one that an earlier signer signs into the present [T039]", async () => {
      const { suite, staking, receipts, stranger, thief, first, session } = await given();
      await staking
        .connect(first.owner)
        .proposeSigner(first.node, thief, await signConsent(suite, first.node, { signer: thief }));
      const [, , dueAt] = await staking.signerOf(first.node);
      await time.increaseTo(dueAt);
      await staking.connect(stranger).activateSigner(first.node);
      const receipt = await session.receipt();
      await expect(session.contradict(stranger, receipt, await session.lie()))
        .to.be.revertedWithCustomError(receipts, "ReceiptsNotSigned")
        .withArgs(session.id, first.signer, thief);
    });

    it("reverts when the node has no signer, and says so", async () => {
      const { staking, receipts, stranger, first, session } = await given();
      await staking.connect(first.owner).revokeSigner(first.node);
      await expect(session.contradict(stranger, await session.receipt(), await session.lie()))
        .to.be.revertedWithCustomError(receipts, "ReceiptsNotSigned")
        .withArgs(session.id, first.signer, ZeroAddress);
    });
  });

  context("given receipts that are too old", () => {
    it("punishes in the last second of the first one's horizon, and not in the next one [T108]", async () => {
      const { receipts, stranger, session, receipt } = await given();
      const until = receipt.issuedAt + Number(session.fields.rules.receiptHorizonPeriod);
      await time.increaseTo(until);
      const other = await session.lie();
      await expect(session.contradict(stranger, receipt, other))
        .to.be.revertedWithCustomError(receipts, "ReceiptsOutOfTime")
        .withArgs(session.id, receipt.issuedAt, until);
      const fresh = await session.receipt({ issuedAt: until });
      await time.increaseTo(until + Number(session.fields.rules.receiptHorizonPeriod) - 1);
      await session.contradict(stranger, fresh, other);
      expect((await session.record()).state).to.equal(SessionState.Falsified);
    });
  });

  context("given a session for which nothing answers", () => {
    it("reverts for one that was never opened, and names it", async () => {
      const { suite, sessions, stranger } = await given();
      const session = await TestSession.agree(suite);
      await expect(session.contradict(stranger, await session.receipt(), await session.lie()))
        .to.be.revertedWithCustomError(sessions, "SessionsUnknown")
        .withArgs(session.id);
    });

    it("reverts when its collateral was let go, and says so", async () => {
      const { sessions, stranger, first, session, receipt } = await given();
      await session.close(first.signer);
      await time.increase(session.fields.rules.horizonPeriod);
      await session.settle();
      await expect(session.contradict(stranger, receipt, await session.lie()))
        .to.be.revertedWithCustomError(sessions, "SessionsWrongState")
        .withArgs(session.id, SessionState.Released);
    });

    it("reverts when it was punished before: one collateral pays once", async () => {
      const { sessions, stranger, thief, session, receipt } = await given();
      await session.contradict(stranger, receipt, await session.lie());
      await expect(session.contradict(thief, receipt, await session.lie()))
        .to.be.revertedWithCustomError(sessions, "SessionsWrongState")
        .withArgs(session.id, SessionState.Falsified);
    });
  });

  context("given a session that is closed", () => {
    it("still punishes: what was redeemed is the payer's again", async () => {
      const { sessions, requester, stranger, first, session, receipt } = await given();
      await session.close(first.signer);
      const before = await sessions.accountOf(requester);
      await expect(session.contradict(stranger, receipt, await session.lie()))
        .to.emit(sessions, "SessionFalsified")
        .withArgs(session.id, first.node, 10n * CALL_PRICE, CALL_PRICE, [stranger.address], REWARD);
      expect((await sessions.accountOf(requester)).balance).to.equal(before.balance + 11n * CALL_PRICE);
    });
  });
});
