import { expect } from "chai";
import { encodeBytes32String, id } from "ethers";

import { versionId } from "../../packages/sdk/src/codecs/model.ts";
import { DETAILS, IDENTITY, LOCK_PERIOD, MAX_LOCK } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { offering, TestOffer } from "../support/optimistic.ts";

describe("OptimisticMarketplace.serve", () => {
  const given = () => loadFixture(offering);

  context("given a version that DisputeGame has admitted", () => {
    it("locks the stake that answers for it, and weighs nothing", async () => {
      const { optimistic, staking, first, version } = await given();
      const endsAt = BigInt(await time.latest()) + LOCK_PERIOD + 1n;
      await expect(optimistic.connect(first.signer).serve(first.node, version, MAX_LOCK - 1n, endsAt))
        .to.emit(optimistic, "ServingSet")
        .withArgs(first.node, version, 0n, MAX_LOCK - 1n, endsAt)
        .and.to.emit(staking, "LockChanged")
        .withArgs(first.node, optimistic, version, MAX_LOCK - 1n, endsAt);
      expect(await optimistic.servingOf(first.node, version)).to.deep.equal([0n, MAX_LOCK - 1n, 0n, 0n, endsAt]);
    });

    it("reverts for less than its answers use, and names both", async () => {
      const suite = await given();
      const { optimistic, first, version } = suite;
      const job = await TestOffer.named(suite);
      await job.answer(first);
      const { endsAt } = await optimistic.servingOf(first.node, version);
      const used = job.collateral();
      await expect(optimistic.connect(first.owner).serve(first.node, version, used - 1n, endsAt))
        .to.be.revertedWithCustomError(optimistic, "MarketLockInUse")
        .withArgs(first.node, version, used - 1n, used);
    });

    it("reverts for anyone but the node's keys and names the caller", async () => {
      const { optimistic, first, thief, version } = await given();
      const { endsAt } = await optimistic.servingOf(first.node, version);
      await expect(optimistic.connect(thief).serve(first.node, version, 1n, endsAt))
        .to.be.revertedWithCustomError(optimistic, "MarketNotOperator")
        .withArgs(first.node, thief);
    });
  });

  context("given a version about which no game can be opened", () => {
    async function unjudged() {
      const suite = await given();
      const { registry, publisher, model } = suite;
      const identity = { ...IDENTITY, profile: encodeBytes32String("other/1"), graphRoot: id("a graph") };
      await registry.connect(publisher).release(model, identity, { ...DETAILS, minor: 2 });
      return { suite, version: versionId(model, identity) };
    }

    it("reverts: a lie would pay that nobody can prove", async () => {
      const { suite, version } = await unjudged();
      const { optimistic, first } = suite;
      const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
      await expect(optimistic.connect(first.signer).serve(first.node, version, MAX_LOCK, endsAt))
        .to.be.revertedWithCustomError(optimistic, "MarketVersionNotAdmitted")
        .withArgs(version);
    });

    it("leaves its orders unanswered, also those of a named node, and the requester with all its money", async () => {
      const { suite, version } = await unjudged();
      const { optimistic, requester, first } = suite;
      const before = await optimistic.accountOf(requester);
      const job = await TestOffer.named(suite, { versionId: version });
      const now = (await time.latest()) + 1;
      await time.setNextBlockTimestamp(now);
      await expect(job.answer(first))
        .to.be.revertedWithCustomError(optimistic, "MarketLockTooSmall")
        .withArgs(first.node, version, job.collateral(), 0n, BigInt(now) + job.fields.rules.horizonPeriod, 0n);
      await job.missDeadline();
      await job.expire();
      expect(await optimistic.accountOf(requester)).to.deep.equal(before);
    });
  });
});
