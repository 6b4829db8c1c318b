import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { encodeBytes32String, id, parseEther, ZeroAddress, ZeroHash } from "ethers";

import { PRICE_UNIT } from "../../packages/sdk/src/codecs/priceUnit.ts";
import { leastSessionCollateral, MOST_SESSION_FUNDS, SessionState } from "../../packages/sdk/src/codecs/session.ts";
import { packSessionRules } from "../../packages/sdk/src/codecs/sessionRules.ts";
import { pauseEverything } from "../support/control.ts";
import { OWN_STAKE, ROYALTY, signConsent } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import {
  CALL_PRICE,
  COLLATERAL,
  consentTo,
  conversing,
  DEPOSIT,
  SESSION_PERIOD,
  TestSession,
} from "../support/sessions.ts";

const MARGIN = 20n;

describe("InferenceSessions.open", () => {
  const given = () => loadFixture(conversing);

  context("given terms that payer and node agree on", () => {
    it("moves the deposit into the session, and lets collateral answer for it", async () => {
      const suite = await given();
      const { sessions, requester, first, version } = suite;
      const before = await sessions.accountOf(requester);
      const session = await TestSession.agree(suite);
      const transaction = await session.openAs(requester);
      await expect(transaction)
        .to.emit(sessions, "SessionOpened")
        .withArgs(session.id, requester, first.node, Object.values(session.packed), DEPOSIT);
      await expect(transaction).not.to.emit(sessions, "KeySpent");
      expect(await session.record()).to.deep.equal({
        state: SessionState.Open,
        funded: DEPOSIT,
        redeemed: 0n,
        paid: 0n,
        marked: 0n,
        markedAt: 0,
        closesAt: 0,
      });
      expect((await sessions.accountOf(requester)).balance).to.equal(before.balance - DEPOSIT);
      expect((await sessions.servingOf(first.node, version)).used).to.equal(COLLATERAL);
    });

    it("gives the id that both sides knew before", async () => {
      const suite = await given();
      const session = await TestSession.agree(suite);
      const consent = await consentTo(suite, session.id);
      const { sessions, requester } = suite;
      expect(await sessions.connect(requester).open.staticCall(session.packed, DEPOSIT, consent, [])).to.equal(
        session.id,
      );
    });

    it("opens it once: not while it runs, and not when it is over [T101]", async () => {
      const suite = await given();
      const { sessions, requester, first } = suite;
      const session = await TestSession.open(suite);
      const again = () =>
        expect(session.openAs(requester))
          .to.be.revertedWithCustomError(sessions, "SessionsExists")
          .withArgs(session.id);
      await again();
      await session.close(first.signer);
      await again();
      await time.increase(Number(session.fields.rules.horizonPeriod));
      await session.settle();
      expect((await session.record()).state).to.equal(SessionState.Released);
      await again();
    });

    it("reverts when the payer's balance is smaller, and names both", async () => {
      const suite = await given();
      const { sessions, requester } = suite;
      const { balance } = await sessions.accountOf(requester);
      await sessions.connect(requester).withdraw(requester, balance - DEPOSIT + 1n);
      const session = await TestSession.agree(suite);
      await expect(session.openAs(requester))
        .to.be.revertedWithCustomError(sessions, "LedgerInsufficientBalance")
        .withArgs(requester, DEPOSIT - 1n, DEPOSIT);
    });
  });

  context("given a deposit that no session can hold", () => {
    it("reverts and names the field, a fraction or a sum [T117]", async () => {
      const suite = await given();
      const { sessions, requester } = suite;
      for (const [deposit, field, value, least, most] of [
        [0n, "funded", 0n, PRICE_UNIT, MOST_SESSION_FUNDS],
        [PRICE_UNIT - 1n, "funded", PRICE_UNIT - 1n, PRICE_UNIT, MOST_SESSION_FUNDS],
        [MOST_SESSION_FUNDS + 1n, "funded", MOST_SESSION_FUNDS + 1n, PRICE_UNIT, MOST_SESSION_FUNDS],
        [PRICE_UNIT + 1n, "fraction", 1n, 0n, 0n],
      ] as const) {
        const session = await TestSession.agree(suite);
        await expect(session.openAs(requester, deposit))
          .to.be.revertedWithCustomError(sessions, "SessionsOutOfBounds")
          .withArgs(encodeBytes32String(field), value, least, most);
      }
    });

    it("takes a single unit", async () => {
      const suite = await given();
      const session = await TestSession.open(suite, {}, PRICE_UNIT);
      expect((await session.record()).funded).to.equal(PRICE_UNIT);
    });
  });

  context("given terms that no session can have", () => {
    it("reverts and names the field [T106 T183]", async () => {
      const suite = await given();
      const { sessions, requester } = suite;
      const now = await time.latest();
      const { rules } = (await TestSession.agree(suite)).fields;
      const least = leastSessionCollateral(rules, CALL_PRICE);
      expect(least).to.equal(parseEther("54"));
      const latest = now + Number(rules.maxSessionPeriod);
      const [most96, most160] = [2n ** 96n - 1n, 2n ** 160n - 1n];
      for (const [changes, field, value, lowest, highest] of [
        [{ callPrice: 0n, royalty: 0n }, "callPrice", 0n, 1n, most96],
        [{ collateral: least - 1n }, "collateral", least - 1n, least, most96],
        [{ key: ZeroAddress }, "key", 0n, 1n, most160],
        [{ endsAt: now }, "endsAt", now, now + 1, latest],
        [{ endsAt: latest + 1 }, "endsAt", latest + 1, now + 1, latest],
      ] as const) {
        const session = await TestSession.agree(suite, changes);
        await expect(session.openAs(requester))
          .to.be.revertedWithCustomError(sessions, "SessionsOutOfBounds")
          .withArgs(encodeBytes32String(field), value, lowest, highest);
      }
    });

    it("takes the least collateral, and the shortest and the longest session", async () => {
      const suite = await given();
      const { rules } = (await TestSession.agree(suite)).fields;
      const now = await time.latest();
      const least = leastSessionCollateral(rules, CALL_PRICE);
      for (const endsAt of [now + 1, now + Number(rules.maxSessionPeriod)]) {
        const session = await TestSession.open(suite, { collateral: least, endsAt });
        expect((await session.record()).state).to.equal(SessionState.Open);
      }
    });
  });

  context("given rules that changed between agreeing and opening", () => {
    it("reverts and names both [T118]", async () => {
      const suite = await given();
      const { sessions, deployer, requester } = suite;
      const session = await TestSession.agree(suite);
      await sessions.connect(deployer).setRules(packSessionRules({ ...session.fields.rules, feeBps: 251n }), MARGIN);
      const expected = packSessionRules({ ...session.fields.rules, feeBps: 251n });
      await expect(session.openAs(requester))
        .to.be.revertedWithCustomError(sessions, "SessionsOtherRules")
        .withArgs(session.packed.rules, expected);
    });
  });

  context("given another royalty than the model asks", () => {
    it("reverts and names what it is, for a wrong sum and a wrong payee", async () => {
      const suite = await given();
      const { sessions, requester, publisher, thief } = suite;
      for (const changes of [{ royalty: 0n }, { royalty: ROYALTY - 1n }, { royaltyPayee: thief.address }]) {
        const session = await TestSession.agree(suite, changes);
        await expect(session.openAs(requester))
          .to.be.revertedWithCustomError(sessions, "SessionsOtherRoyalty")
          .withArgs(publisher, ROYALTY);
      }
    });

    it("reverts when the owner has changed it since both agreed", async () => {
      const suite = await given();
      const { sessions, registry, requester, publisher, model } = suite;
      const session = await TestSession.agree(suite);
      await registry.connect(publisher).setRoyalty(model, ROYALTY / 2n);
      await expect(session.openAs(requester))
        .to.be.revertedWithCustomError(sessions, "SessionsOtherRoyalty")
        .withArgs(publisher, ROYALTY / 2n);
    });

    it("caps what the owner gets at its part of a call", async () => {
      const suite = await given();
      const callPrice = parseEther("0.1");
      const royalty = parseEther("0.03");
      const session = await TestSession.open(suite, { callPrice, royalty });
      expect(await suite.sessions.royaltyOf(suite.version, suite.requester, callPrice)).to.deep.equal([
        suite.publisher.address,
        royalty,
      ]);
      expect((await session.record()).state).to.equal(SessionState.Open);
    });
  });

  context("given a model that does not take this payer", () => {
    it("reverts when the model is restricted, until the payer is allowed", async () => {
      const suite = await given();
      const { registry, requester, publisher, model } = suite;
      await registry.connect(publisher).setRestricted(model, true);
      const session = await TestSession.agree(suite);
      await expect(session.openAs(requester))
        .to.be.revertedWithCustomError(registry, "RegistryRequesterNotAllowed")
        .withArgs(model, requester);
      await registry.connect(publisher).setAllowed(model, [requester], true);
      await session.openAs(requester);
    });

    it("reverts when the version is deprecated, and lets what has begun go on", async () => {
      const suite = await given();
      const { registry, requester, publisher, version } = suite;
      const before = await TestSession.open(suite);
      await registry.connect(publisher).deprecate(version, ZeroHash);
      const session = await TestSession.agree(suite);
      await expect(session.openAs(requester))
        .to.be.revertedWithCustomError(registry, "RegistryVersionDeprecated")
        .withArgs(version, ZeroHash);
      await before.redeem(CALL_PRICE);
      expect((await before.record()).redeemed).to.equal(CALL_PRICE);
    });
  });

  context("given a consent that is none", () => {
    it("reverts when somebody else has signed, for another session, contract or chain [T101]", async () => {
      const suite = await given();
      const { sessions, requester, first, second, thief } = suite;
      const session = await TestSession.agree(suite);
      const other = await TestSession.agree(suite);
      for (const consent of [
        await consentTo(suite, session.id, thief),
        await consentTo(suite, session.id, second.signer),
        await consentTo(suite, session.id, first.owner),
        await consentTo(suite, other.id),
        { ...(await consentTo(suite, session.id)), signature: { r: ZeroHash, vs: ZeroHash } },
        { ...(await consentTo(suite, session.id)), validUntil: 2 ** 40 },
      ]) {
        await expect(sessions.connect(requester).open(session.packed, DEPOSIT, consent, []))
          .to.be.revertedWithCustomError(sessions, "SessionsNoConsent")
          .withArgs(session.id, first.signer, consent.validUntil);
      }
    });

    it("counts in its last second, and not in the next one", async () => {
      const suite = await given();
      const { sessions, requester, first } = suite;
      const [session, other] = [await TestSession.agree(suite), await TestSession.agree(suite)];
      const until = (await time.latest()) + 10;
      const consents = await Promise.all([session, other].map(({ id }) => consentTo(suite, id, first.signer, until)));
      const [own, others] = consents;
      if (own === undefined || others === undefined) throw new Error("Two have signed");
      await time.setNextBlockTimestamp(until);
      await sessions.connect(requester).open(session.packed, DEPOSIT, own, []);
      await time.setNextBlockTimestamp(until + 1);
      await expect(sessions.connect(requester).open(other.packed, DEPOSIT, others, []))
        .to.be.revertedWithCustomError(sessions, "SessionsNoConsent")
        .withArgs(other.id, first.signer, until);
    });

    it("asks the signer of now: the old one's word is gone with it [T039]", async () => {
      const suite = await given();
      const { sessions, staking, requester, first, thief } = suite;
      const session = await TestSession.agree(suite);
      const consent = await consentTo(suite, session.id, first.signer, 2 ** 40);
      await staking
        .connect(first.owner)
        .proposeSigner(first.node, thief, await signConsent(suite, first.node, { signer: thief }));
      await time.increase(1_000);
      await staking.connect(first.owner).activateSigner(first.node);
      const later = await TestSession.agree(suite, { endsAt: (await time.latest()) + SESSION_PERIOD });
      await expect(sessions.connect(requester).open(later.packed, DEPOSIT, consent, []))
        .to.be.revertedWithCustomError(sessions, "SessionsNoConsent")
        .withArgs(later.id, thief, 2 ** 40);
      await sessions.connect(requester).open(later.packed, DEPOSIT, await consentTo(suite, later.id, thief), []);
    });

    it("reverts when the node has no signer, and says so", async () => {
      const suite = await given();
      const { sessions, staking, requester, first } = suite;
      const session = await TestSession.agree(suite);
      await staking.connect(first.owner).revokeSigner(first.node);
      const consent = await consentTo(suite, session.id);
      const none = { ...consent, signature: { r: ZeroHash, vs: ZeroHash } };
      for (const given of [consent, none]) {
        await expect(sessions.connect(requester).open(session.packed, DEPOSIT, given, []))
          .to.be.revertedWithCustomError(sessions, "SessionsNoConsent")
          .withArgs(session.id, ZeroAddress, consent.validUntil);
      }
    });
  });

  context("given a node that cannot carry the session", () => {
    it("reverts when too little of its lock is free, and names what it takes [T103 I14]", async () => {
      const suite = await given();
      const { sessions, requester, first, version } = suite;
      const { maxLock, endsAt } = await sessions.servingOf(first.node, version);
      await TestSession.open(suite, { collateral: maxLock - COLLATERAL + 1n });
      const session = await TestSession.agree(suite);
      await expect(session.openAs(requester))
        .to.be.revertedWithCustomError(sessions, "MarketLockTooSmall")
        .withArgs(
          first.node,
          version,
          maxLock + 1n,
          maxLock,
          BigInt(session.fields.endsAt) + session.fields.rules.horizonPeriod,
          endsAt,
        );
    });

    it("reverts by a second when its lock ends before the last verdict can come in [T108]", async () => {
      const suite = await given();
      const { sessions, requester, first, version } = suite;
      const { maxLock, endsAt } = await sessions.servingOf(first.node, version);
      const { rules } = (await TestSession.agree(suite)).fields;
      const last = Number(endsAt - rules.horizonPeriod);
      await time.increaseTo(last - 10);
      const session = await TestSession.agree(suite, { endsAt: last + 1 });
      await expect(session.openAs(requester))
        .to.be.revertedWithCustomError(sessions, "MarketLockTooSmall")
        .withArgs(first.node, version, COLLATERAL, maxLock, endsAt + 1n, endsAt);
      await TestSession.open(suite, { endsAt: last });
    });

    it("reverts when its locks exceed its backing, and names the node", async () => {
      const suite = await given();
      const { sessions, staking, token, deployer, delegator, requester, first, version } = suite;
      await token.connect(deployer).transfer(delegator, OWN_STAKE);
      await token.connect(delegator).approve(staking, OWN_STAKE);
      await staking.connect(delegator).delegate(first.node, OWN_STAKE, 0);
      await staking.connect(first.owner).authorise(first.node, sessions, 2n * OWN_STAKE);
      const { endsAt } = await sessions.servingOf(first.node, version);
      await sessions.connect(first.signer).serve(first.node, version, 2n * OWN_STAKE, endsAt);
      const [shares] = await staking.delegationOf(first.node, delegator);
      await staking.connect(delegator).undelegate(first.node, shares, 0);
      const session = await TestSession.agree(suite);
      await expect(session.openAs(requester))
        .to.be.revertedWithCustomError(sessions, "MarketNodeNotCovered")
        .withArgs(first.node);
    });
  });

  context("given a pause of what begins", () => {
    it("reverts and names its end; what has begun goes on [T116 I26]", async () => {
      const suite = await given();
      const { sessions, requester } = suite;
      const before = await TestSession.open(suite);
      await pauseEverything(suite);
      const session = await TestSession.agree(suite);
      await expect(session.openAs(requester))
        .to.be.revertedWithCustomError(sessions, "EntryPaused")
        .withArgs(2n ** 256n - 1n);
      await before.redeem(CALL_PRICE);
      await sessions.connect(requester).topUp(before.packed, requester, DEPOSIT, []);
      await before.close(requester);
    });
  });

  context("given a key that the payer has granted", () => {
    const LIMIT = 2n * DEPOSIT;

    it("spends the payer's balance within its limit, and says what is left", async () => {
      const suite = await given();
      const { sessions, requester, delegator } = suite;
      const session = await TestSession.agree(suite);
      await sessions.connect(requester).grantKey(delegator, LIMIT, session.fields.endsAt, ZeroHash);
      await expect(session.openAs(delegator))
        .to.emit(sessions, "KeySpent")
        .withArgs(requester, delegator, DEPOSIT, LIMIT - DEPOSIT);
      expect(await sessions.grantOf(requester, delegator)).to.deep.equal([
        LIMIT - DEPOSIT,
        BigInt(session.fields.endsAt),
        ZeroHash,
      ]);
    });

    it("reverts above its limit, for a session that outlasts it, and for anyone else; it names what it may", async () => {
      const suite = await given();
      const { sessions, requester, delegator, thief } = suite;
      const session = await TestSession.agree(suite);
      const { endsAt } = session.fields;
      const grant = (limit: bigint, until: number) =>
        sessions.connect(requester).grantKey(delegator, limit, until, ZeroHash);
      const refused = (sender: typeof delegator, limit: bigint, until: number) =>
        expect(session.openAs(sender))
          .to.be.revertedWithCustomError(sessions, "SessionsKeyNotGranted")
          .withArgs(requester, sender, DEPOSIT, limit, endsAt, until);
      await grant(DEPOSIT - 1n, endsAt);
      await refused(delegator, DEPOSIT - 1n, endsAt);
      await grant(DEPOSIT, endsAt - 1);
      await refused(delegator, DEPOSIT, endsAt - 1);
      await refused(thief, 0n, 0);
      await grant(0n, endsAt);
      await refused(delegator, 0n, endsAt);
    });

    it("opens only for the versions of its list, whose proofs any tool can make", async () => {
      const suite = await given();
      const { sessions, requester, delegator, version } = suite;
      const tree = StandardMerkleTree.of([[version], [id("another")], [id("a third")]], ["bytes32"]);
      const session = await TestSession.agree(suite);
      await sessions.connect(requester).grantKey(delegator, LIMIT, session.fields.endsAt, tree.root);
      await expect(session.openAs(delegator, DEPOSIT, tree.getProof(1)))
        .to.be.revertedWithCustomError(sessions, "SessionsVersionNotGranted")
        .withArgs(delegator, version, tree.root);
      await session.openAs(delegator, DEPOSIT, tree.getProof([version]));
    });
  });
});
