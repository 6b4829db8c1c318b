import { expect } from "chai";

import { loadFixture, time } from "../support/network.ts";
import { offering, TestOffer } from "../support/optimistic.ts";

describe("OptimisticMarketplace.unserve", () => {
  const given = () => loadFixture(offering);

  context("given a node without an answer that can be disputed", () => {
    it("frees its whole lock, and keeps it from every job at once, its own named ones, too", async () => {
      const suite = await given();
      const { optimistic, staking, first, version } = suite;
      const job = await TestOffer.named(suite);
      const { endsAt } = await optimistic.servingOf(first.node, version);
      await expect(optimistic.connect(first.signer).unserve(first.node, version))
        .to.emit(optimistic, "ServingSet")
        .withArgs(first.node, version, 0n, 0n, endsAt)
        .and.to.emit(staking, "LockChanged")
        .withArgs(first.node, optimistic, version, 0n, endsAt);
      expect(await staking.lockedOf(first.node)).to.equal(0n);
      const now = (await time.latest()) + 1;
      await time.setNextBlockTimestamp(now);
      await expect(job.answer(first))
        .to.be.revertedWithCustomError(optimistic, "MarketLockTooSmall")
        .withArgs(first.node, version, job.collateral(), 0n, BigInt(now) + job.fields.rules.horizonPeriod, endsAt);
    });
  });

  context("given a node with an answer that can be disputed", () => {
    it("keeps locked what answers for it, and frees that after the job [I14]", async () => {
      const suite = await given();
      const { optimistic, staking, first, version } = suite;
      const job = await TestOffer.named(suite);
      await job.answer(first);
      await optimistic.connect(first.owner).unserve(first.node, version);
      expect(await staking.lockedOf(first.node)).to.equal(job.collateral());
      await job.endWindow();
      await job.settle();
      await optimistic.connect(first.owner).unserve(first.node, version);
      expect(await staking.lockedOf(first.node)).to.equal(0n);
    });
  });

  context("when anyone but its keys asks", () => {
    it("reverts and names the caller", async () => {
      const { optimistic, first, thief, version } = await given();
      await expect(optimistic.connect(thief).unserve(first.node, version))
        .to.be.revertedWithCustomError(optimistic, "MarketNotOperator")
        .withArgs(first.node, thief);
    });
  });
});
