import { expect } from "chai";

import { OptimisticState } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { ZeroAddress, ZeroHash } from "ethers";
import { changesSince, expectConserved, ledgerOf, lossOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";
import { ANSWER_PERIOD, LOWEST, offering, TestOffer } from "../support/optimistic.ts";

describe("OptimisticMarketplace.expire", () => {
  const given = () => loadFixture(offering);

  context("given a named node that does not answer", () => {
    it("gives the requester all back, and the node, which promised nothing, loses nothing [I09 I10]", async () => {
      const suite = await given();
      const { optimistic, first } = suite;
      const before = await ledgerOf(suite, optimistic);
      const job = await TestOffer.named(suite);
      await job.missDeadline();
      await expect(job.expire())
        .to.emit(optimistic, "JobClosed")
        .withArgs(job.jobId, OptimisticState.Unanswered, first.node, ZeroHash, job.escrow, 0n, 0n, 0n);
      expect(await changesSince(before, suite, optimistic)).to.deep.equal({});
      expect((await job.record()).state).to.equal(OptimisticState.Unanswered);
    });

    it("reverts before the deadline and names it", async () => {
      const suite = await given();
      const job = await TestOffer.named(suite);
      const deadline = await job.deadline();
      await time.setNextBlockTimestamp(deadline - 1);
      await expect(job.expire())
        .to.be.revertedWithCustomError(suite.optimistic, "MarketNotExpired")
        .withArgs(job.jobId, deadline);
    });
  });

  context("given a node that has answered", () => {
    it("reverts, however long ago that was [T082]", async () => {
      const suite = await given();
      const job = await TestOffer.named(suite);
      await job.answer(suite.first);
      await time.increase(1_000);
      await expect(job.expire())
        .to.be.revertedWithCustomError(suite.optimistic, "MarketWrongPhase")
        .withArgs(job.jobId, OptimisticState.Stated);
    });
  });

  context("given an open job that nobody reserves", () => {
    it("gives the requester all back, once nobody can reserve it any more", async () => {
      const suite = await given();
      const { optimistic } = suite;
      const before = await ledgerOf(suite, optimistic);
      const job = await TestOffer.open(suite);
      const deadline = job.fields.requestedAt + 110 + ANSWER_PERIOD;
      await time.setNextBlockTimestamp(deadline - 1);
      await expect(job.expire())
        .to.be.revertedWithCustomError(optimistic, "MarketNotExpired")
        .withArgs(job.jobId, deadline);
      await time.setNextBlockTimestamp(deadline);
      await expect(job.expire())
        .to.emit(optimistic, "JobClosed")
        .withArgs(job.jobId, OptimisticState.Unanswered, ZeroAddress, ZeroHash, job.escrow, 0n, 0n, 0n);
      expect(await changesSince(before, suite, optimistic)).to.deep.equal({});
    });
  });

  context("given a node that reserved and did not answer", () => {
    it("frees the requester's money at once, and takes the late penalty, half of which waits for another [I09]", async () => {
      const suite = await given();
      const { optimistic, first } = suite;
      const job = await TestOffer.open(suite);
      await job.reserve(first);
      const before = await ledgerOf(suite, optimistic);
      await job.missDeadline();
      const { penalty, prize } = job.late(LOWEST);
      const transaction = job.expire();
      await expect(transaction).to.emit(optimistic, "JobReopened").withArgs(job.jobId, first.node, prize, job.escrow);
      await expect(transaction).to.emit(optimistic, "SeatSlashed").withArgs(job.jobId, first.node, penalty);
      expect(penalty).to.equal(5n * LOWEST);
      const taken = job.collateral(LOWEST);
      expect(await changesSince(before, suite, optimistic)).to.deep.equal({
        requester: job.escrow,
        market: prize,
        staking: -penalty,
        supply: prize - penalty,
        ...lossOf([0], penalty),
        "node 0 used": -taken,
        "node 0 free": taken - penalty,
      });
      expect(await job.record()).to.deep.equal({
        state: OptimisticState.Open,
        attempt: 1,
        delivered: false,
        tipGone: true,
        price: prize,
        since: await time.latest(),
        node: first.node,
        statement: undefined,
      });
    });

    it("burns what waited when no second node comes [I10]", async () => {
      const suite = await given();
      const { optimistic, first } = suite;
      const before = await ledgerOf(suite, optimistic);
      const job = await TestOffer.open(suite);
      await job.reserve(first);
      await job.missDeadline();
      await job.expire();
      await job.missDeadline();
      await expect(job.expire())
        .to.emit(optimistic, "JobClosed")
        .withArgs(job.jobId, OptimisticState.Unanswered, first.node, ZeroHash, 0n, 0n, 0n, 0n);
      const { penalty } = job.late(LOWEST);
      const changes = await changesSince(before, suite, optimistic);
      expect(changes).to.deep.equal({ staking: -penalty, supply: -penalty, ...lossOf([0], penalty) });
      expectConserved(changes);
    });

    it("takes the penalty of a second node that stays silent, too, and ends", async () => {
      const suite = await given();
      const { optimistic, first, second } = suite;
      const before = await ledgerOf(suite, optimistic);
      const job = await TestOffer.open(suite);
      await job.reserve(first);
      await job.missDeadline();
      await job.expire();
      await job.reserve(second);
      await job.missDeadline();
      await job.expire();
      const { penalty, prize } = job.late(LOWEST);
      const lost = penalty + job.late(prize).penalty;
      const changes = await changesSince(before, suite, optimistic);
      expect(changes).to.deep.equal({
        staking: -lost,
        supply: -lost,
        ...lossOf([0], penalty),
        ...lossOf([1], job.late(prize).penalty),
      });
      expect((await job.record()).state).to.equal(OptimisticState.Unanswered);
    });
  });

  context("given a job that is final", () => {
    it("reverts and names the state [T082 I07]", async () => {
      const suite = await given();
      const job = await TestOffer.named(suite);
      await job.missDeadline();
      await job.expire();
      await expect(job.expire())
        .to.be.revertedWithCustomError(suite.optimistic, "MarketWrongPhase")
        .withArgs(job.jobId, OptimisticState.Unanswered);
    });
  });
});
