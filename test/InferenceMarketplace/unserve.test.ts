import { expect } from "chai";

import { only } from "../support/actors.ts";
import { MAX_LOCK, OWN_STAKE, servedByThree } from "../support/fixtures.ts";
import { all, PRICE, TestJob } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";

const COLLATERAL = 8n * PRICE;

describe("InferenceMarketplace.unserve", () => {
  context("given a node without seats", () => {
    it("takes its weight away and frees its whole lock", async () => {
      const { market, staking, nodes, version } = await loadFixture(servedByThree);
      const operator = only(nodes.slice(0, 1));
      const { endsAt } = await market.servingOf(operator.node, version);
      await expect(market.connect(operator.signer).unserve(operator.node, version))
        .to.emit(market, "ServingSet")
        .withArgs(operator.node, version, 0n, 0n, endsAt)
        .and.to.emit(staking, "LockChanged")
        .withArgs(operator.node, market, version, 0n, endsAt);
      expect(await staking.lockedOf(operator.node)).to.equal(0n);
      expect(await market.weightsAt(operator.node, version, await time.latest())).to.deep.equal([0n, 2n * OWN_STAKE]);
    });

    it("keeps it from the next seat at once, even in a draw that fell on it", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, nodes, version } = suite;
      const operator = only(nodes.slice(0, 1));
      const job = await (await TestJob.request(suite)).open();
      await market.connect(operator.owner).unserve(operator.node, version);
      const now = (await time.latest()) + 1;
      await time.setNextBlockTimestamp(now);
      const { endsAt } = await market.servingOf(operator.node, version);
      await expect(job.commit(operator))
        .to.be.revertedWithCustomError(market, "MarketLockTooSmall")
        .withArgs(operator.node, version, COLLATERAL, 0n, BigInt(now) + job.fields.rules.horizonPeriod, endsAt);
    });
  });

  context("given a node with a seat", () => {
    it("keeps locked what the seat holds, and frees it after the job [T023 T030]", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, staking, nodes, version } = suite;
      const seats = nodes.slice(0, 2);
      const operator = only(seats.slice(0, 1));
      const job = await (await TestJob.request(suite)).open();
      await job.commit(operator);
      await market.connect(operator.signer).unserve(operator.node, version);
      const { maxLock, used } = await market.servingOf(operator.node, version);
      expect([maxLock, used]).to.deep.equal([COLLATERAL, COLLATERAL]);
      expect(await staking.lockedOf(operator.node)).to.equal(COLLATERAL);

      await job.answer(all(seats.slice(1)));
      await job.reveal(operator);
      await job.settle(seats);
      expect(await staking.lockedOf(operator.node)).to.equal(COLLATERAL);
      await market.connect(operator.signer).unserve(operator.node, version);
      expect(await staking.lockedOf(operator.node)).to.equal(0n);
      expect((await market.servingOf(operator.node, version)).earned).to.equal(PRICE);
    });
  });

  context("when anyone else calls", () => {
    it("reverts and names node and caller", async () => {
      const { market, nodes, thief, version } = await loadFixture(servedByThree);
      const operator = only(nodes.slice(0, 1));
      await expect(market.connect(thief).unserve(operator.node, version))
        .to.be.revertedWithCustomError(market, "MarketNotOperator")
        .withArgs(operator.node, thief);
      expect((await market.servingOf(operator.node, version)).maxLock).to.equal(MAX_LOCK);
    });
  });
});
