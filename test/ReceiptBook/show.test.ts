import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";

import { receiptHash } from "../../packages/sdk/src/codecs/receipt.ts";
import { packSession } from "../../packages/sdk/src/codecs/session.ts";
import { unpackWord } from "../../packages/sdk/src/codecs/words.ts";
import { InferenceSessions__factory } from "../../typechain-types/index.ts";
import { postBatch } from "../support/batches.ts";
import { signConsent } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { HONEST } from "../support/optimistic.ts";
import { CALL_PRICE, conversing, TestSession } from "../support/sessions.ts";

const unpackShown = (word: bigint) => unpackWord({ disputableUntil: 48, price: 96 }, word);

async function opened() {
  const suite = await conversing();
  const session = await TestSession.open(suite);
  return { ...suite, suite, session, receipt: await session.receipt() };
}

describe("ReceiptBook.show", () => {
  const given = () => loadFixture(opened);

  context("given a receipt that the node's signer has signed", () => {
    it("can be disputed from now on, by whoever shows it, until its horizon ends", async () => {
      const { receipts, first, session, receipt } = await given();
      const statementId = await session.statementId(receipt);
      const until = receipt.issuedAt + Number(session.fields.rules.receiptHorizonPeriod);
      expect(await receipts.disputableUntil(session.id, statementId)).to.equal(0n);
      await expect(session.show(receipt))
        .to.emit(receipts, "ReceiptShown")
        .withArgs(session.id, statementId, first.node, Object.values(receipt), until);
      expect(await receipts.disputableUntil(session.id, statementId)).to.equal(until);
      expect(unpackShown(await receipts.shownOf(statementId))).to.deep.equal({
        disputableUntil: BigInt(until),
        price: CALL_PRICE,
      });
    });

    it("keeps the later time and the higher price when a twin is shown, in either order", async () => {
      const { receipts, session, receipt } = await given();
      await time.increase(10);
      const twin = { ...receipt, issuedAt: receipt.issuedAt + 10, price: CALL_PRICE / 2n };
      const until = twin.issuedAt + Number(session.fields.rules.receiptHorizonPeriod);
      const statementId = await session.statementId(receipt);
      expect(await session.statementId(twin)).to.equal(statementId);
      await session.show(receipt);
      for (const shown of [twin, receipt]) {
        await session.show(shown);
        expect(unpackShown(await receipts.shownOf(statementId))).to.deep.equal({
          disputableUntil: BigInt(until),
          price: CALL_PRICE,
        });
      }
      await session.show({ ...receipt, price: 2n ** 96n - 1n });
      expect(unpackShown(await receipts.shownOf(statementId)).price).to.equal(2n ** 96n - 1n);
    });

    it("counts in the last second of its horizon, and not in the next one [T108]", async () => {
      const { receipts, session, receipt } = await given();
      const until = receipt.issuedAt + Number(session.fields.rules.receiptHorizonPeriod);
      await time.increaseTo(until - 1);
      await session.show(receipt);
      await time.increaseTo(until);
      await expect(session.show({ ...receipt, sequence: 2n }))
        .to.be.revertedWithCustomError(receipts, "ReceiptsOutOfTime")
        .withArgs(session.id, receipt.issuedAt, until);
    });

    it("reverts when it is from the future, by a second", async () => {
      const { receipts, session, receipt } = await given();
      const future = { ...receipt, issuedAt: receipt.issuedAt + 1 };
      const until = future.issuedAt + Number(session.fields.rules.receiptHorizonPeriod);
      await expect(session.show(future))
        .to.be.revertedWithCustomError(receipts, "ReceiptsOutOfTime")
        .withArgs(session.id, future.issuedAt, until);
      await time.increase(1);
      await session.show(future);
    });
  });

  context("given a receipt that the node's signer has not signed", () => {
    it("reverts and names who has, and who had to", async () => {
      const { suite, receipts, sessions, stranger, thief, first, second, session, receipt } = await given();
      for (const signer of [thief, second.signer, first.owner, suite.requester]) {
        await expect(session.show(receipt, signer))
          .to.be.revertedWithCustomError(receipts, "ReceiptsNotSigned")
          .withArgs(session.id, signer, first.signer);
      }
      const proof = { ...(await session.signed(receipt)), signature: { r: ZeroHash, vs: ZeroHash } };
      await expect(receipts.connect(stranger).show(sessions, session.packed, receipt, proof))
        .to.be.revertedWithCustomError(receipts, "ReceiptsNotSigned")
        .withArgs(session.id, ZeroAddress, first.signer);
    });

    it("reverts when any field is not what was signed", async () => {
      const { receipts, sessions, stranger, session, receipt } = await given();
      const proof = await session.signed(receipt);
      for (const change of [
        { sequence: 2n },
        { versionId: id("another version") },
        { inputRoot: id("another input") },
        { outputRoot: id("another output") },
        { price: 0n },
        { issuedAt: receipt.issuedAt - 1 },
      ]) {
        await expect(
          receipts.connect(stranger).show(sessions, session.packed, { ...receipt, ...change }, proof),
        ).to.be.revertedWithCustomError(receipts, "ReceiptsNotSigned");
      }
    });

    it("asks who signed when it was made: before and after a rotation [T039]", async () => {
      const { staking, receipts, stranger, thief, first, session } = await given();
      await staking
        .connect(first.owner)
        .proposeSigner(first.node, thief, await signConsent(session.suite, first.node, { signer: thief }));
      const dueAt = Number((await staking.signerOf(first.node)).nextAt);
      await time.increaseTo(dueAt);
      await staking.connect(stranger).activateSigner(first.node);
      const [before, after] = [
        await session.receipt({ issuedAt: dueAt - 1 }),
        await session.receipt({ issuedAt: dueAt, sequence: 2n }),
      ];
      await session.show(before, first.signer);
      await session.show(after, thief);
      await expect(session.show({ ...before, sequence: 3n }, thief))
        .to.be.revertedWithCustomError(receipts, "ReceiptsNotSigned")
        .withArgs(session.id, thief, first.signer);
      await expect(session.show({ ...after, sequence: 4n }, first.signer))
        .to.be.revertedWithCustomError(receipts, "ReceiptsNotSigned")
        .withArgs(session.id, first.signer, thief);
    });

    it("takes what was signed before the signer was revoked, and nothing after, nobody's signature least of all", async () => {
      const { staking, receipts, sessions, stranger, first, session, receipt } = await given();
      await time.increase(1);
      await staking.connect(first.owner).revokeSigner(first.node);
      await session.show(receipt);
      await expect(session.show(await session.receipt({ sequence: 2n })))
        .to.be.revertedWithCustomError(receipts, "ReceiptsNotSigned")
        .withArgs(session.id, first.signer, ZeroAddress);
      const later = await session.receipt({ sequence: 3n });
      const proof = { ...(await session.signed(later)), signature: { r: ZeroHash, vs: ZeroHash } };
      await expect(receipts.connect(stranger).show(sessions, session.packed, later, proof))
        .to.be.revertedWithCustomError(receipts, "ReceiptsNotSigned")
        .withArgs(session.id, ZeroAddress, ZeroAddress);
    });
  });

  context("given a receipt of another session", () => {
    it("reverts and names both, also for a session with another word or of another contract [T101]", async () => {
      const { suite, receipts, sessions, stranger, session, receipt } = await given();
      const other = await TestSession.agree(suite);
      const changed = packSession({ ...session.fields, callPrice: 7n });
      const proof = await session.signed(receipt);
      const connected = receipts.connect(stranger);
      await expect(connected.show(sessions, other.packed, receipt, proof))
        .to.be.revertedWithCustomError(receipts, "ReceiptsForeign")
        .withArgs(session.id, other.id);
      await expect(connected.show(sessions, changed, receipt, proof))
        .to.be.revertedWithCustomError(receipts, "ReceiptsForeign")
        .withArgs(session.id, session.idOf(await sessions.getAddress(), changed));
      await expect(connected.show(receipts, session.packed, receipt, proof))
        .to.be.revertedWithCustomError(receipts, "ReceiptsForeign")
        .withArgs(session.id, session.idOf(await receipts.getAddress()));
    });
  });

  context("given a leaf of a batch", () => {
    it("can be disputed until the horizon ends that began when it was posted", async () => {
      const { suite, receipts, sessions, stranger, first, session, receipt } = await given();
      await time.increase(20);
      const hashes = Array.from({ length: 5 }, (_, i) => (i === 3 ? receiptHash(receipt) : id(`other ${i}`)));
      const { batch, pathOf } = await postBatch(suite, first, hashes);
      const until = (await time.latest()) + Number(session.fields.rules.receiptHorizonPeriod);
      await time.increaseTo(until - 1);
      await expect(
        receipts.connect(stranger).show(sessions, session.packed, receipt, TestSession.inBatch(batch, 3n, pathOf(3))),
      )
        .to.emit(receipts, "ReceiptShown")
        .withArgs(session.id, await session.statementId(receipt), first.node, Object.values(receipt), until);
    });

    it("reverts when it was posted by another account, before it was issued, or holds something else", async () => {
      const { suite, receipts, sessions, commitments, stranger, first, second, session, receipt } = await given();
      const connected = receipts.connect(stranger);
      const foreign = await postBatch(suite, second, [receiptHash(receipt), id("other")]);
      await expect(
        connected.show(sessions, session.packed, receipt, TestSession.inBatch(foreign.batch, 0n, foreign.pathOf(0))),
      )
        .to.be.revertedWithCustomError(receipts, "ReceiptsNotSigned")
        .withArgs(session.id, second.signer, first.signer);

      const early = { ...receipt, issuedAt: receipt.issuedAt + 1 };
      const own = await postBatch(suite, first, [receiptHash(early), id("other")]);
      const until = receipt.issuedAt + Number(session.fields.rules.receiptHorizonPeriod);
      await expect(connected.show(sessions, session.packed, early, TestSession.inBatch(own.batch, 0n, own.pathOf(0))))
        .to.be.revertedWithCustomError(receipts, "ReceiptsOutOfTime")
        .withArgs(session.id, receipt.issuedAt, until);
      await expect(
        connected.show(sessions, session.packed, receipt, TestSession.inBatch(own.batch, 0n, own.pathOf(0))),
      ).to.be.revertedWithCustomError(commitments, "CommitmentsNotInBatch");
    });

    it("does not need the signature beside it", async () => {
      const { suite, receipts, sessions, stranger, thief, first, session, receipt } = await given();
      const { batch, pathOf } = await postBatch(suite, first, [receiptHash(receipt)]);
      const proof = { ...(await session.signed(receipt, thief)), batch, path: [...pathOf(0)] };
      await receipts.connect(stranger).show(sessions, session.packed, receipt, proof);
    });
  });

  context("given a receipt of a session of another deployment", () => {
    it("is kept apart: one book serves both, and no statement of one is the other's [T101]", async () => {
      const { access, registry, disputes, receipts, mandates, timelock, deployer, stranger, first, session, receipt } =
        await given();
      const twin = await new InferenceSessions__factory(deployer).deploy(
        access,
        registry,
        disputes,
        receipts,
        session.fields.rules,
        20n,
        mandates,
        timelock,
      );
      const elsewhere = session.idOf(await twin.getAddress());
      const other = { ...receipt, sessionId: elsewhere };
      await receipts.connect(stranger).show(twin, session.packed, other, await session.signed(other));
      expect(await receipts.shownOf(await session.statementId(receipt))).to.equal(0n);
      expect(await receipts.shownOf(await session.statementId(other))).not.to.equal(0n);
      await expect(twin.connect(stranger).punishLie(session.packed, other))
        .to.be.revertedWithCustomError(twin, "SessionsUnknown")
        .withArgs(elsewhere);
      expect(await receipts.statementIdOf(first.node, other)).to.equal(await session.statementId(other));
      expect(other.outputRoot).to.equal(HONEST.outputRoot);
    });
  });
});
