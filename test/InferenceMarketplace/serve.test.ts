import { expect } from "chai";
import { parseEther } from "ethers";

import { only } from "../support/actors.ts";
import { LOCK_PERIOD, MAX_LOCK, OWN_STAKE, registerNode, released, servedByThree } from "../support/fixtures.ts";
import { all, PRICE, TestJob } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";

const DAY = 86_400n;
const COLLATERAL = 8n * PRICE;

/** A registered node that lets the market lock its whole stake, and serves nothing yet. */
async function registered() {
  const suite = await released();
  const operator = only(suite.operators.slice(0, 1));
  await registerNode(suite, operator);
  await suite.staking.connect(operator.owner).authorise(operator.node, suite.market, OWN_STAKE);
  return { ...suite, operator };
}

describe("InferenceMarketplace.serve", () => {
  context("given a node that has authorised the market", () => {
    it("declares its weight and locks the stake that answers for it", async () => {
      const { market, staking, operator, version } = await loadFixture(registered);
      const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
      await expect(market.connect(operator.signer).serve(operator.node, version, OWN_STAKE, MAX_LOCK, endsAt))
        .to.emit(market, "ServingSet")
        .withArgs(operator.node, version, OWN_STAKE, MAX_LOCK, endsAt)
        .and.to.emit(staking, "LockChanged")
        .withArgs(operator.node, market, version, MAX_LOCK, endsAt);
      expect(await market.servingOf(operator.node, version)).to.deep.equal([OWN_STAKE, MAX_LOCK, 0n, 0n, endsAt]);
      expect(await staking.lockOf(operator.node, market, version)).to.deep.equal([MAX_LOCK, endsAt]);
    });

    it("takes the word of the cold key as well", async () => {
      const { market, operator, version } = await loadFixture(registered);
      const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
      await market.connect(operator.owner).serve(operator.node, version, 1n, 0n, endsAt);
      expect(await market.servingOf(operator.node, version)).to.deep.equal([1n, 0n, 0n, 0n, endsAt]);
    });

    it("weighs from the second in which it is said, and not before [T050]", async () => {
      const { market, operator, version } = await loadFixture(registered);
      const now = (await time.latest()) + 10;
      await time.setNextBlockTimestamp(now);
      await market
        .connect(operator.signer)
        .serve(operator.node, version, OWN_STAKE, MAX_LOCK, BigInt(now) + LOCK_PERIOD);
      expect(await market.weightsAt(operator.node, version, now - 1)).to.deep.equal([0n, 0n]);
      expect(await market.weightsAt(operator.node, version, now)).to.deep.equal([OWN_STAKE, OWN_STAKE]);
    });

    context("when anyone but its keys declares it", () => {
      it("reverts and names node and caller", async () => {
        const { market, operator, thief, version } = await loadFixture(registered);
        const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
        await expect(market.connect(thief).serve(operator.node, version, 1n, 1n, endsAt))
          .to.be.revertedWithCustomError(market, "MarketNotOperator")
          .withArgs(operator.node, thief);
      });
    });

    context("when it declares more weight than its stake backs", () => {
      it("reverts and names weight and backing", async () => {
        const { market, operator, version } = await loadFixture(registered);
        const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
        const serve = market.connect(operator.signer).serve;
        await expect(serve(operator.node, version, OWN_STAKE + 1n, 0n, endsAt))
          .to.be.revertedWithCustomError(market, "MarketWeightNotBacked")
          .withArgs(operator.node, OWN_STAKE + 1n, OWN_STAKE);
      });
    });

    context("when it locks more than it has authorised", () => {
      it("reverts with the error of the stake [T027]", async () => {
        const { market, staking, operator, version } = await loadFixture(registered);
        const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
        await expect(market.connect(operator.signer).serve(operator.node, version, 1n, OWN_STAKE + 1n, endsAt))
          .to.be.revertedWithCustomError(staking, "StakingOverCap")
          .withArgs(operator.node, market, OWN_STAKE + 1n, OWN_STAKE);
      });
    });

    context("when the lock would end too early or too late", () => {
      it("reverts with the error of the stake and the bounds [I16]", async () => {
        const { market, staking, operator, version } = await loadFixture(registered);
        const now = BigInt((await time.latest()) + 10);
        const serve = market.connect(operator.signer).serve;
        for (const endsAt of [now, now + 90n * DAY + 1n]) {
          await time.setNextBlockTimestamp(now);
          await expect(serve(operator.node, version, 1n, 1n, endsAt))
            .to.be.revertedWithCustomError(staking, "StakingBadLockEnd")
            .withArgs(endsAt, now + 1n, now + 90n * DAY);
        }
      });
    });
  });

  context("given a node that serves already", () => {
    it("replaces its figures and moves the sum by the difference", async () => {
      const { market, nodes, version } = await loadFixture(servedByThree);
      const operator = only(nodes.slice(0, 1));
      const { endsAt } = await market.servingOf(operator.node, version);
      const less = parseEther("400");
      await market.connect(operator.signer).serve(operator.node, version, less, less, endsAt + 1n);
      expect(await market.servingOf(operator.node, version)).to.deep.equal([less, less, 0n, 0n, endsAt + 1n]);
      const now = await time.latest();
      expect(await market.weightsAt(operator.node, version, now)).to.deep.equal([less, 2n * OWN_STAKE + less]);
      expect(await market.weightsAt(operator.node, version, now - 60)).to.deep.equal([OWN_STAKE, 3n * OWN_STAKE]);
    });

    it("keeps what it earned and what its seats hold", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, nodes, version } = suite;
      const seats = nodes.slice(0, 2);
      const operator = only(seats.slice(0, 1));
      const first = await (await TestJob.request(suite)).open();
      await first.answer(all(seats));
      await first.settle(seats);
      const second = await (await TestJob.request(suite)).open();
      await second.commit(operator);

      const { endsAt } = await market.servingOf(operator.node, version);
      await market.connect(operator.signer).serve(operator.node, version, 1n, COLLATERAL, endsAt);
      expect(await market.servingOf(operator.node, version)).to.deep.equal([1n, COLLATERAL, COLLATERAL, PRICE, endsAt]);
    });

    context("when its seats hold more than it would leave", () => {
      it("reverts and names both [T030]", async () => {
        const suite = await loadFixture(servedByThree);
        const { market, nodes, version } = suite;
        const operator = only(nodes.slice(0, 1));
        const job = await (await TestJob.request(suite)).open();
        await job.commit(operator);
        const { endsAt } = await market.servingOf(operator.node, version);
        await expect(market.connect(operator.signer).serve(operator.node, version, 1n, COLLATERAL - 1n, endsAt))
          .to.be.revertedWithCustomError(market, "MarketLockInUse")
          .withArgs(operator.node, version, COLLATERAL - 1n, COLLATERAL);
      });
    });
  });
});
