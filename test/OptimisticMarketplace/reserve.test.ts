import { expect } from "chai";

import { auctionPriceAt, OptimisticState } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { changesSince, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";
import { ANSWER_PERIOD, LOWEST, offering, PRICE, TestOffer } from "../support/optimistic.ts";

describe("OptimisticMarketplace.reserve", () => {
  const given = () => loadFixture(offering);

  context("given an open job", () => {
    for (const [elapsed, price] of [
      [0, LOWEST],
      [10, LOWEST],
      [11, LOWEST + (PRICE - LOWEST) / 100n],
      [60, (LOWEST + PRICE) / 2n],
      [110, PRICE],
      [129, PRICE],
    ] as const) {
      context(`when a node reserves it ${elapsed} seconds after the request`, () => {
        it("fixes price and collateral as of this second [T086 I37]", async () => {
          const suite = await given();
          const { optimistic, first } = suite;
          const job = await TestOffer.open(suite);
          const before = await ledgerOf(suite, optimistic);
          const now = job.fields.requestedAt + elapsed;
          await time.setNextBlockTimestamp(now);
          await expect(job.reserve(first))
            .to.emit(optimistic, "JobReserved")
            .withArgs(job.jobId, first.node, price, now + ANSWER_PERIOD);
          expect(auctionPriceAt(job.fields, now)).to.equal(price);
          expect(await job.record()).to.deep.equal({
            state: OptimisticState.Reserved,
            attempt: 0,
            delivered: false,
            tipGone: false,
            price,
            since: now,
            node: first.node,
            statement: undefined,
          });
          const taken = job.collateral(price);
          expect(await changesSince(before, suite, optimistic)).to.deep.equal({
            "node 0 used": taken,
            "node 0 free": -taken,
          });
        });
      });
    }

    context("when the price has been at its highest for as long as an answer may take", () => {
      it("reverts and names when that ended", async () => {
        const suite = await given();
        const job = await TestOffer.open(suite);
        const deadline = job.fields.requestedAt + 10 + 100 + ANSWER_PERIOD;
        await time.setNextBlockTimestamp(deadline);
        await expect(job.reserve(suite.first))
          .to.be.revertedWithCustomError(suite.optimistic, "MarketTooLate")
          .withArgs(job.jobId, deadline);
      });
    });

    context("when somebody reserves for a node", () => {
      it("reverts and names the signer that may", async () => {
        const suite = await given();
        const job = await TestOffer.open(suite);
        await expect(job.reserve(suite.first, suite.thief))
          .to.be.revertedWithCustomError(suite.optimistic, "MarketNotSigner")
          .withArgs(suite.first.node, suite.thief, suite.first.signer);
      });
    });

    context("when it is reserved already", () => {
      it("reverts and names the state", async () => {
        const suite = await given();
        const job = await TestOffer.open(suite);
        await job.reserve(suite.first);
        await expect(job.reserve(suite.second))
          .to.be.revertedWithCustomError(suite.optimistic, "MarketWrongPhase")
          .withArgs(job.jobId, OptimisticState.Reserved);
      });
    });
  });

  context("given a job that names a node", () => {
    it("reverts, for the named node too", async () => {
      const suite = await given();
      const job = await TestOffer.named(suite);
      await expect(job.reserve(suite.first))
        .to.be.revertedWithCustomError(suite.optimistic, "MarketWrongPhase")
        .withArgs(job.jobId, OptimisticState.Named);
    });
  });

  context("given a job at which a node has failed", () => {
    async function failed() {
      const suite = await offering();
      const job = await TestOffer.open(suite);
      await job.reserve(suite.first);
      await job.missDeadline();
      await job.expire();
      return { ...suite, suite, job };
    }

    it("is open to another node, for what waits for it", async () => {
      const { optimistic, second, job } = await loadFixture(failed);
      const { prize } = job.late(LOWEST);
      const now = (await time.latest()) + 5;
      await time.setNextBlockTimestamp(now);
      await expect(job.reserve(second))
        .to.emit(optimistic, "JobReserved")
        .withArgs(job.jobId, second.node, prize, now + ANSWER_PERIOD);
    });

    it("is not open to the same node again", async () => {
      const { optimistic, first, job } = await loadFixture(failed);
      await expect(job.reserve(first))
        .to.be.revertedWithCustomError(optimistic, "MarketNodeHasFailed")
        .withArgs(job.jobId, first.node);
    });

    it("is open for as long as an answer may take", async () => {
      const { optimistic, second, job } = await loadFixture(failed);
      const deadline = await job.deadline();
      await time.setNextBlockTimestamp(deadline);
      await expect(job.reserve(second))
        .to.be.revertedWithCustomError(optimistic, "MarketTooLate")
        .withArgs(job.jobId, deadline);
    });
  });
});
