import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { encodeBytes32String, id, ZeroHash } from "ethers";

import { PRICE_UNIT } from "../../packages/sdk/src/codecs/priceUnit.ts";
import { MOST_SESSION_FUNDS, SessionState } from "../../packages/sdk/src/codecs/session.ts";
import { loadFixture, time } from "../support/network.ts";
import { CALL_PRICE, conversing, DEPOSIT, TestSession } from "../support/sessions.ts";

/** An open session, and a stranger with a balance. */
async function opened() {
  const suite = await conversing();
  const { sessions, token, deployer, stranger } = suite;
  await token.connect(deployer).approve(sessions, 2n * DEPOSIT);
  await sessions.connect(deployer).deposit(stranger, 2n * DEPOSIT);
  return { ...suite, session: await TestSession.open(suite) };
}

describe("InferenceSessions.topUp", () => {
  const given = () => loadFixture(opened);

  context("given an open session", () => {
    it("adds money of the payer", async () => {
      const { sessions, requester, session } = await given();
      const before = (await sessions.accountOf(requester)).balance;
      await expect(sessions.connect(requester).topUp(session.packed, requester, DEPOSIT, []))
        .to.emit(sessions, "SessionFunded")
        .withArgs(session.id, requester, DEPOSIT);
      expect((await session.record()).funded).to.equal(2n * DEPOSIT);
      expect((await sessions.accountOf(requester)).balance).to.equal(before - DEPOSIT);
    });

    it("adds money of a stranger who gives it, and moves no clock [T113]", async () => {
      const { sessions, requester, stranger, first, session } = await given();
      await session.redeem(CALL_PRICE);
      await session.close(requester);
      const before = await session.record();
      await sessions.connect(stranger).topUp(session.packed, stranger, DEPOSIT, []);
      expect(await session.record()).to.deep.equal({ ...before, funded: 2n * DEPOSIT });
      await session.close(first.signer);
      expect((await sessions.accountOf(stranger)).balance).to.equal(DEPOSIT);
    });

    it("reverts when the caller would spend another's balance, and names the caller", async () => {
      const { sessions, requester, stranger, thief, publisher, session } = await given();
      for (const [caller, from] of [
        [thief, stranger],
        [requester, stranger],
        [stranger, publisher],
      ] as const) {
        await expect(sessions.connect(caller).topUp(session.packed, from, DEPOSIT, []))
          .to.be.revertedWithCustomError(sessions, "SessionsNotParty")
          .withArgs(session.id, caller);
      }
    });

    it("reverts for a fraction, and above what a session can hold in its life", async () => {
      const { sessions, token, deployer, requester, session } = await given();
      const most = MOST_SESSION_FUNDS - DEPOSIT;
      await token.connect(deployer).approve(sessions, most + PRICE_UNIT);
      await sessions.connect(deployer).deposit(requester, most + PRICE_UNIT);
      for (const [amount, field, value, least, highest] of [
        [1n, "fraction", 1n, 0n, 0n],
        [most + PRICE_UNIT, "funded", MOST_SESSION_FUNDS + PRICE_UNIT, PRICE_UNIT, MOST_SESSION_FUNDS],
      ] as const) {
        await expect(sessions.connect(requester).topUp(session.packed, requester, amount, []))
          .to.be.revertedWithCustomError(sessions, "SessionsOutOfBounds")
          .withArgs(encodeBytes32String(field), value, least, highest);
      }
      await sessions.connect(requester).topUp(session.packed, requester, most, []);
      expect((await session.record()).funded).to.equal(MOST_SESSION_FUNDS);
    });

    it("reverts when the balance is smaller, and names both", async () => {
      const { sessions, stranger, session } = await given();
      await expect(sessions.connect(stranger).topUp(session.packed, stranger, 3n * DEPOSIT, []))
        .to.be.revertedWithCustomError(sessions, "LedgerInsufficientBalance")
        .withArgs(stranger, 2n * DEPOSIT, 3n * DEPOSIT);
    });
  });

  context("given a key that the payer has granted", () => {
    it("spends the payer's balance, as far as limit, end and list allow", async () => {
      const { sessions, requester, delegator, session, version } = await given();
      const { endsAt } = session.fields;
      const tree = StandardMerkleTree.of([[version], [id("another")]], ["bytes32"]);
      const topUp = (proof: string[]) => sessions.connect(delegator).topUp(session.packed, requester, DEPOSIT, proof);
      await expect(topUp([]))
        .to.be.revertedWithCustomError(sessions, "SessionsKeyNotGranted")
        .withArgs(requester, delegator, DEPOSIT, 0n, endsAt, 0n);
      await sessions.connect(requester).grantKey(delegator, DEPOSIT, endsAt, tree.root);
      await expect(topUp([]))
        .to.be.revertedWithCustomError(sessions, "SessionsVersionNotGranted")
        .withArgs(delegator, version, tree.root);
      await expect(topUp(tree.getProof([version])))
        .to.emit(sessions, "KeySpent")
        .withArgs(requester, delegator, DEPOSIT, 0n);
      await expect(topUp(tree.getProof([version])))
        .to.be.revertedWithCustomError(sessions, "SessionsKeyNotGranted")
        .withArgs(requester, delegator, DEPOSIT, 0n, endsAt, endsAt);
    });
  });

  context("given a session that is not open", () => {
    it("reverts and names it, or its state", async () => {
      const { sessions, requester, first, session } = await given();
      const unknown = await TestSession.agree(session.suite);
      await expect(sessions.connect(requester).topUp(unknown.packed, requester, DEPOSIT, []))
        .to.be.revertedWithCustomError(sessions, "SessionsUnknown")
        .withArgs(unknown.id);
      const refused = (state: number) =>
        expect(sessions.connect(requester).topUp(session.packed, requester, DEPOSIT, []))
          .to.be.revertedWithCustomError(sessions, "SessionsWrongState")
          .withArgs(session.id, state);
      await session.close(first.signer);
      await refused(SessionState.Closed);
      await time.increase(Number(session.fields.rules.horizonPeriod));
      await session.settle();
      await refused(SessionState.Released);
    });
  });
});

describe("InferenceSessions.grantKey", () => {
  const given = () => loadFixture(conversing);

  it("says what a key may, in place of what it could before; zero revokes it", async () => {
    const { sessions, requester, delegator, stranger } = await given();
    const most96 = 2n ** 96n - 1n;
    const most48 = 2n ** 48n - 1n;
    for (const [limit, expiresAt, root] of [
      [most96, most48, id("a list")],
      [DEPOSIT, 1n, ZeroHash],
      [0n, 0n, ZeroHash],
    ] as const) {
      await expect(sessions.connect(requester).grantKey(delegator, limit, expiresAt, root))
        .to.emit(sessions, "KeyGranted")
        .withArgs(requester, delegator, limit, expiresAt, root);
      expect(await sessions.grantOf(requester, delegator)).to.deep.equal([limit, expiresAt, root]);
    }
    expect(await sessions.grantOf(stranger, delegator)).to.deep.equal([0n, 0n, ZeroHash]);
  });

  it("is each payer's own: a grant says nothing about another payer's balance", async () => {
    const suite = await given();
    const { sessions, stranger, delegator, requester } = suite;
    const session = await TestSession.agree(suite);
    await sessions.connect(stranger).grantKey(delegator, DEPOSIT, session.fields.endsAt, ZeroHash);
    await expect(session.openAs(delegator))
      .to.be.revertedWithCustomError(sessions, "SessionsKeyNotGranted")
      .withArgs(requester, delegator, DEPOSIT, 0n, session.fields.endsAt, 0n);
  });
});
