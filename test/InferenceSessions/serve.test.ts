import { expect } from "chai";
import { encodeBytes32String, id } from "ethers";

import { versionId } from "../../packages/sdk/src/codecs/model.ts";
import { DETAILS, IDENTITY, LOCK_PERIOD, MAX_LOCK } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { COLLATERAL, conversing, TestSession } from "../support/sessions.ts";

describe("InferenceSessions.serve", () => {
  const given = () => loadFixture(conversing);

  context("given a version that DisputeGame has admitted", () => {
    it("locks the stake that answers for sessions, and weighs nothing", async () => {
      const { sessions, staking, first, version } = await given();
      const endsAt = BigInt(await time.latest()) + LOCK_PERIOD + 1n;
      await expect(sessions.connect(first.owner).serve(first.node, version, MAX_LOCK - 1n, endsAt))
        .to.emit(sessions, "ServingSet")
        .withArgs(first.node, version, 0n, MAX_LOCK - 1n, endsAt)
        .and.to.emit(staking, "LockChanged")
        .withArgs(first.node, sessions, version, MAX_LOCK - 1n, endsAt);
      expect(await sessions.servingOf(first.node, version)).to.deep.equal([0n, MAX_LOCK - 1n, 0n, 0n, endsAt]);
    });

    it("reverts for less than its sessions use, and names both", async () => {
      const suite = await given();
      const { sessions, first, version } = suite;
      await TestSession.open(suite);
      const { endsAt } = await sessions.servingOf(first.node, version);
      await expect(sessions.connect(first.signer).serve(first.node, version, COLLATERAL - 1n, endsAt))
        .to.be.revertedWithCustomError(sessions, "MarketLockInUse")
        .withArgs(first.node, version, COLLATERAL - 1n, COLLATERAL);
    });

    it("reverts for an earlier end: what answers for a session stays [I16]", async () => {
      const suite = await given();
      const { sessions, staking, first, version } = suite;
      await TestSession.open(suite);
      const { endsAt } = await sessions.servingOf(first.node, version);
      const latest = BigInt(await time.latest()) + 90n * 86_400n;
      await expect(sessions.connect(first.signer).serve(first.node, version, MAX_LOCK, endsAt - 1n))
        .to.be.revertedWithCustomError(staking, "StakingBadLockEnd")
        .withArgs(endsAt - 1n, endsAt, latest);
    });

    it("reverts for anyone but the node's keys and names the caller", async () => {
      const { sessions, first, thief, version } = await given();
      const { endsAt } = await sessions.servingOf(first.node, version);
      await expect(sessions.connect(thief).serve(first.node, version, 1n, endsAt))
        .to.be.revertedWithCustomError(sessions, "MarketNotOperator")
        .withArgs(first.node, thief);
    });
  });

  context("given a version about which no game can be opened", () => {
    it("reverts and names it: a lie would pay that nobody can prove", async () => {
      const { sessions, registry, publisher, model, first } = await given();
      const identity = { ...IDENTITY, profile: encodeBytes32String("other/1"), graphRoot: id("a graph") };
      await registry.connect(publisher).release(model, identity, { ...DETAILS, minor: 2 });
      const version = versionId(model, identity);
      const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
      await expect(sessions.connect(first.signer).serve(first.node, version, MAX_LOCK, endsAt))
        .to.be.revertedWithCustomError(sessions, "SessionsVersionNotAdmitted")
        .withArgs(version);
    });
  });
});

describe("InferenceSessions.unserve", () => {
  const given = () => loadFixture(conversing);

  context("given an open session", () => {
    it("gives back what answers for nothing, and no more [T108]", async () => {
      const suite = await given();
      const { sessions, staking, first, version } = suite;
      await TestSession.open(suite);
      const { endsAt } = await sessions.servingOf(first.node, version);
      await expect(sessions.connect(first.owner).unserve(first.node, version))
        .to.emit(staking, "LockChanged")
        .withArgs(first.node, sessions, version, COLLATERAL, endsAt);
      expect(await sessions.servingOf(first.node, version)).to.deep.equal([0n, COLLATERAL, COLLATERAL, 0n, endsAt]);
    });
  });
});
