import { expect } from "chai";
import { Signature, toBeHex, ZeroHash } from "ethers";

import { sessionsDomain, VOUCHER_TYPES, voucherMessage } from "../../packages/sdk/src/codecs/receipt.ts";
import { PRICE_UNIT } from "../../packages/sdk/src/codecs/priceUnit.ts";
import { sessionId } from "../../packages/sdk/src/codecs/session.ts";
import { packSessionRules } from "../../packages/sdk/src/codecs/sessionRules.ts";
import { type CompactSignature, compactOf } from "../../packages/sdk/src/codecs/signature.ts";
import { InferenceSessions__factory } from "../../typechain-types/index.ts";
import { loadFixture, time } from "../support/network.ts";
import type { Offering } from "../support/optimistic.ts";
import { chainId } from "../support/payments.ts";
import { CALL_PRICE, COLLATERAL, conversing, DEPOSIT, TestSession } from "../support/sessions.ts";

const Fault = { NoSession: 1, NotByKey: 2, NothingNew: 3 } as const;
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const AMOUNT = 10n * CALL_PRICE;

async function opened() {
  const suite = await conversing();
  return { ...suite, suite, session: await TestSession.open(suite) };
}

/** A voucher of the session's key under another domain. */
async function underDomain(suite: Offering, session: TestSession, changes: object): Promise<CompactSignature> {
  const domain = { ...sessionsDomain(await chainId(), await suite.sessions.getAddress()), ...changes };
  const message = voucherMessage({ sessionId: session.id, amount: AMOUNT });
  return compactOf(await suite.delegator.signTypedData(domain, VOUCHER_TYPES, message));
}

describe("InferenceSessions.redeem", () => {
  const given = () => loadFixture(opened);

  context("given a voucher of the session's key", () => {
    it("claims it for the node, whoever brings it, and moves no tokens yet", async () => {
      const { sessions, first, version, session } = await given();
      const transaction = session.redeem(AMOUNT);
      await expect(transaction).to.emit(sessions, "VoucherRedeemed").withArgs(session.id, AMOUNT);
      const now = await time.latest();
      expect(await session.record()).to.deep.include({ redeemed: AMOUNT, paid: 0n, marked: AMOUNT, markedAt: now });
      expect((await sessions.servingOf(first.node, version)).earned).to.equal(0n);
    });

    it("counts once: again, or an older one after a newer, it claims nothing [T104 I24]", async () => {
      const { sessions, session } = await given();
      await session.redeem(AMOUNT);
      for (const amount of [AMOUNT, AMOUNT - 1n, 1n, 0n]) {
        await expect(session.redeem(amount))
          .to.be.revertedWithCustomError(sessions, "SessionsVoucherRefused")
          .withArgs(session.id, Fault.NothingNew, amount, AMOUNT, DEPOSIT);
      }
      await session.redeem(AMOUNT + PRICE_UNIT);
      expect((await session.record()).redeemed).to.equal(AMOUNT + PRICE_UNIT);
    });

    it("claims whole units; a fraction waits for the next voucher", async () => {
      const { sessions, session } = await given();
      await expect(session.redeem(PRICE_UNIT - 1n))
        .to.be.revertedWithCustomError(sessions, "SessionsVoucherRefused")
        .withArgs(session.id, Fault.NothingNew, PRICE_UNIT - 1n, 0n, DEPOSIT);
      await session.redeem(2n * PRICE_UNIT - 1n);
      expect((await session.record()).redeemed).to.equal(PRICE_UNIT);
    });

    it("claims what is there, and the rest when there is more [T103 I24]", async () => {
      const { sessions, requester, session } = await given();
      await session.redeem(DEPOSIT + AMOUNT);
      expect((await session.record()).redeemed).to.equal(DEPOSIT);
      await sessions.connect(requester).topUp(session.packed, requester, 2n * AMOUNT, []);
      await session.redeem(DEPOSIT + AMOUNT);
      expect((await session.record()).redeemed).to.equal(DEPOSIT + AMOUNT);
    });

    it("takes the largest amount that can be signed", async () => {
      const { session } = await given();
      await session.redeem(2n ** 128n - 1n);
      expect((await session.record()).redeemed).to.equal(DEPOSIT);
    });
  });

  context("given more than the collateral answers for", () => {
    it("stops at it until what was claimed first is final [T106 I14]", async () => {
      const { suite, sessions } = await given();
      const session = await TestSession.open(suite, {}, 3n * COLLATERAL);
      await session.redeem(3n * COLLATERAL);
      expect((await session.record()).redeemed).to.equal(COLLATERAL);
      await expect(session.redeem(3n * COLLATERAL))
        .to.be.revertedWithCustomError(sessions, "SessionsVoucherRefused")
        .withArgs(session.id, Fault.NothingNew, 3n * COLLATERAL, COLLATERAL, COLLATERAL);
      await time.increase(Number(session.fields.rules.receiptHorizonPeriod));
      await session.settle();
      await session.redeem(3n * COLLATERAL);
      expect((await session.record()).redeemed).to.equal(2n * COLLATERAL);
    });

    it("stops at the part of it that the rules name, in whole units", async () => {
      const { suite, deployer, sessions } = await given();
      const { rules } = (await TestSession.agree(suite)).fields;
      await sessions.connect(deployer).setRules(packSessionRules({ ...rules, exposureBps: 1_000n }), 20n);
      const session = await TestSession.open(suite, { collateral: COLLATERAL + PRICE_UNIT });
      await session.redeem(DEPOSIT);
      expect((await session.record()).redeemed).to.equal(COLLATERAL / 10n);
    });
  });

  context("given the end of a session", () => {
    it("counts in its last second, and not in the next one", async () => {
      const { suite, sessions, session } = await given();
      const { endsAt } = session.fields;
      const other = await TestSession.open(suite, { endsAt });
      await time.increaseTo(endsAt - 1);
      await session.redeem(AMOUNT);
      await time.increaseTo(endsAt);
      await expect(other.redeem(AMOUNT))
        .to.be.revertedWithCustomError(sessions, "SessionsVoucherRefused")
        .withArgs(other.id, Fault.NoSession, AMOUNT, 0n, 0n);
    });

    it("counts in the last second of the payer's notice, and not in the next one [T102]", async () => {
      const { sessions, requester, session } = await given();
      const closesAt = await session.noticeEnd();
      await session.close(requester);
      await time.increaseTo(closesAt - 1);
      await session.redeem(AMOUNT);
      await time.increaseTo(closesAt);
      await expect(session.redeem(2n * AMOUNT))
        .to.be.revertedWithCustomError(sessions, "SessionsVoucherRefused")
        .withArgs(session.id, Fault.NoSession, 2n * AMOUNT, AMOUNT, 0n);
    });

    it("reverts for a session that never was, and when it is closed", async () => {
      const { suite, sessions, first, session } = await given();
      const unknown = await TestSession.agree(suite);
      await session.close(first.signer);
      for (const gone of [unknown, session]) {
        await expect(gone.redeem(AMOUNT))
          .to.be.revertedWithCustomError(sessions, "SessionsVoucherRefused")
          .withArgs(gone.id, Fault.NoSession, AMOUNT, 0n, 0n);
      }
    });
  });

  context("given a signature that is not the key's for this session", () => {
    const refused = async (session: TestSession, signature: CompactSignature, amount = AMOUNT) => {
      const { sessions, stranger } = session.suite;
      await expect(sessions.connect(stranger).redeem({ session: session.packed, amount, signature }))
        .to.be.revertedWithCustomError(sessions, "SessionsVoucherRefused")
        .withArgs(session.id, Fault.NotByKey, amount, 0n, DEPOSIT);
    };

    it("reverts for the payer's, the node's and a stranger's", async () => {
      const { session, requester, first, thief } = await given();
      for (const signer of [requester, first.signer, first.owner, thief]) {
        await refused(session, (await session.voucher(AMOUNT, signer)).signature);
      }
    });

    it("reverts for another amount, session, contract, chain and version of the domain [T101]", async () => {
      const { suite, session, receipts } = await given();
      const other = await TestSession.open(suite);
      await refused(session, (await session.voucher(AMOUNT)).signature, AMOUNT + 1n);
      await refused(session, (await other.voucher(AMOUNT)).signature);
      for (const changes of [
        { verifyingContract: await receipts.getAddress() },
        { chainId: 1n },
        { version: "2" },
        { name: "OPG ReceiptBook" },
      ]) {
        await refused(session, await underDomain(suite, session, changes));
      }
      await refused(session, (await session.voucher(AMOUNT)).signature, AMOUNT - 1n);
    });

    it("reverts at a second deployment, where session and voucher mean nothing [T101]", async () => {
      const { session, access, registry, disputes, receipts, mandates, timelock, deployer } = await given();
      const numbers = session.fields.rules;
      const twin = await new InferenceSessions__factory(deployer).deploy(
        access,
        registry,
        disputes,
        receipts,
        numbers,
        20n,
        mandates,
        timelock,
      );
      const elsewhere = sessionId(await chainId(), await twin.getAddress(), session.packed);
      await expect(twin.connect(deployer).redeem(await session.voucher(AMOUNT)))
        .to.be.revertedWithCustomError(twin, "SessionsVoucherRefused")
        .withArgs(elsewhere, Fault.NoSession, AMOUNT, 0n, 0n);
    });

    it("reverts for a signature of nobody, and for the same one mirrored [T105]", async () => {
      const { session } = await given();
      const { signature } = await session.voucher(AMOUNT);
      const whole = Signature.from({ r: signature.r, yParityAndS: signature.vs });
      const mirrored = ORDER - BigInt(whole.s);
      // The mirror image of a low s does not fit beside the parity; without its highest bit it is no signature at all.
      const parity = whole.yParity === 0 ? 1n : 0n;
      await refused(session, { r: signature.r, vs: toBeHex((mirrored & (2n ** 255n - 1n)) | (parity << 255n), 32) });
      await refused(session, { r: ZeroHash, vs: ZeroHash });
      await refused(session, { r: signature.r, vs: ZeroHash });
      await refused(session, { r: signature.r, vs: toBeHex(BigInt(signature.vs) ^ (1n << 255n), 32) });
      // The largest s that fits, which is above half of the order.
      await refused(session, { r: signature.r, vs: toBeHex(2n ** 255n - 1n, 32) });
    });
  });

  context("given many redemptions of one session", () => {
    it("marks what was redeemed since, when what waited before is final", async () => {
      const { session } = await given();
      await session.redeem(AMOUNT);
      const first = await session.record();
      await time.increase(10);
      await session.redeem(3n * AMOUNT);
      expect(await session.record()).to.deep.equal({ ...first, redeemed: 3n * AMOUNT });
      await time.increase(30);
      await session.settle();
      expect(await session.record()).to.deep.include({
        redeemed: 3n * AMOUNT,
        paid: AMOUNT,
        marked: 3n * AMOUNT,
        markedAt: await time.latest(),
      });
    });
  });
});

describe("InferenceSessions.redeemMany", () => {
  const given = () => loadFixture(opened);

  it("claims what is good, of any sessions, and reports the rest", async () => {
    const { suite, sessions, stranger, thief, second, session } = await given();
    const other = await TestSession.open(suite, { node: second.node });
    const unknown = await TestSession.agree(suite);
    const vouchers = await Promise.all([
      session.voucher(AMOUNT),
      session.voucher(AMOUNT),
      unknown.voucher(AMOUNT),
      other.voucher(AMOUNT, thief),
      other.voucher(2n * AMOUNT),
    ]);
    expect(await sessions.connect(stranger).redeemMany.staticCall(vouchers)).to.equal(2n);
    const transaction = sessions.connect(stranger).redeemMany(vouchers);
    await expect(transaction).to.emit(sessions, "VoucherRedeemed").withArgs(session.id, AMOUNT);
    await expect(transaction)
      .to.emit(sessions, "VoucherRedeemed")
      .withArgs(other.id, 2n * AMOUNT);
    for (const [id, fault, redeemed, most] of [
      [session.id, Fault.NothingNew, AMOUNT, DEPOSIT],
      [unknown.id, Fault.NoSession, 0n, 0n],
      [other.id, Fault.NotByKey, 0n, DEPOSIT],
    ] as const) {
      await expect(transaction).to.emit(sessions, "VoucherRefused").withArgs(id, fault, AMOUNT, redeemed, most);
    }
    expect((await session.record()).redeemed).to.equal(AMOUNT);
    expect((await other.record()).redeemed).to.equal(2n * AMOUNT);
  });

  it("takes none", async () => {
    const { sessions, stranger } = await given();
    expect(await sessions.connect(stranger).redeemMany.staticCall([])).to.equal(0n);
  });
});
