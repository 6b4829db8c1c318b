import { expect } from "chai";

import { JobState, resultOf } from "../../packages/sdk/src/codecs/job.ts";
import { nth } from "../support/actors.ts";
import { ROYALTY } from "../support/fixtures.ts";
import { all, each, PRICE, SALT } from "../support/jobs.ts";
import { changesSince, earningsOf, expectConserved, type Ledger, lossOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";
import {
  ABSENCE,
  COLLATERAL,
  HONEST,
  LYING,
  LYING_TOO,
  openedByThree,
  refute,
  windowEndOf,
} from "../support/refereed.ts";

const { outputRoot: RIGHT } = HONEST;
const { outputRoot: LIE } = LYING;

describe("A job that a referee can judge", () => {
  /** What a result changes for those who pay for it and for the model's owner, if `rights` seats are right. */
  const paid = (rights: bigint): Ledger => ({
    requester: -rights * PRICE - (rights * PRICE) / 40n - ROYALTY,
    fees: (rights * PRICE) / 40n,
    publisher: ROYALTY,
  });

  context("given answers that are equal", () => {
    it("pays all of them when the window is over, and not a second before [I09]", async () => {
      const { suite, before, job } = await loadFixture(openedByThree);
      const { market, refereedPolicy, nodes } = suite;
      const seats = nodes.slice(0, 2);
      await job.answer(all(seats, RIGHT));
      await time.setNextBlockTimestamp((await windowEndOf(job)) - 1);
      await expect(job.settle(seats))
        .to.be.revertedWithCustomError(refereedPolicy, "PolicyNotFinal")
        .withArgs(job.jobId, JobState.Open, JobState.Open);

      const fee = job.feeOf(2n * PRICE);
      const refund = job.escrow - 2n * PRICE - fee - ROYALTY;
      await time.setNextBlockTimestamp(await windowEndOf(job));
      await expect(job.settle(seats))
        .to.emit(market, "JobSettled")
        .withArgs(job.jobId, JobState.Agreed, RIGHT, refund, fee, ROYALTY, 2n * PRICE, 0n);
      expect((await job.record()).result).to.equal(resultOf(RIGHT));
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({ ...paid(2n), ...earningsOf([0, 1], PRICE) });
      expectConserved(changes);
    });

    it("does not end with the last reveal", async () => {
      const { suite, job } = await loadFixture(openedByThree);
      const { market, refereedPolicy, nodes } = suite;
      const [first, second] = [nth(nodes, 0), nth(nodes, 1)];
      await job.commit(first, RIGHT);
      await job.commit(second, RIGHT);
      await job.endSealing();
      await job.reveal(first, RIGHT);
      const seats = [first.node, second.node];
      await expect(market.connect(second.signer).revealAndSettle(job.packed, second.node, RIGHT, SALT, seats))
        .to.be.revertedWithCustomError(refereedPolicy, "PolicyNotFinal")
        .withArgs(job.jobId, JobState.Open, JobState.Open);
    });

    it("takes a part of the silent, for those who answered", async () => {
      const { suite, before, job } = await loadFixture(openedByThree);
      await job.answer(each(suite.nodes, [RIGHT, null, RIGHT]));
      await time.increaseTo(await windowEndOf(job));
      await job.settle(suite.nodes);
      const changes = await changesSince(before, suite);
      // Up to a price for each who was silent; the rest of what it lost burns.
      expect(changes).to.deep.equal({
        ...paid(2n),
        market: PRICE,
        staking: -ABSENCE,
        supply: PRICE - ABSENCE,
        ...earningsOf([0, 2], PRICE + PRICE / 2n),
        ...lossOf([1], ABSENCE),
      });
      expectConserved(changes);
    });
  });

  context("given a liar and one honest node that disputes the lie", () => {
    it("ends with the honest output: its node is paid, the liar loses all and half of that burns [I22 I23]", async () => {
      const { suite, before, job } = await loadFixture(openedByThree);
      const { market, nodes, stranger } = suite;
      const seats = nodes.slice(0, 2);
      const liar = nth(seats, 0);
      await job.answer(each(seats, [LIE, RIGHT]));
      await refute(job, { liar, outputRoot: LIE }, [stranger]);
      await time.increaseTo(await windowEndOf(job));

      const fee = job.feeOf(PRICE);
      const refund = job.escrow - PRICE - fee - ROYALTY;
      const settling = job.settle(seats);
      await expect(settling)
        .to.emit(market, "JobSettled")
        .withArgs(job.jobId, JobState.Decided, RIGHT, refund, fee, ROYALTY, PRICE, 0n);
      await expect(settling)
        .to.emit(market, "LiePaid")
        .withArgs(job.jobId, liar.node, 0n, [stranger.address], COLLATERAL / 2n);
      await expect(settling).to.emit(market, "SeatSlashed").withArgs(job.jobId, liar.node, COLLATERAL);
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        ...paid(1n),
        stranger: COLLATERAL / 2n,
        market: COLLATERAL / 2n,
        staking: -COLLATERAL,
        supply: -COLLATERAL / 2n,
        ...earningsOf([1], PRICE),
        ...lossOf([0], COLLATERAL),
      });
      expectConserved(changes);
    });

    it("ends the same way where the liars are more, and agree [T051 I42]", async () => {
      const { suite, before, job } = await loadFixture(openedByThree);
      const { market, nodes, stranger } = suite;
      const liars = nodes.slice(0, 2);
      await job.answer(each(nodes, [LIE, LIE, RIGHT]));
      for (const liar of liars) await refute(job, { liar, outputRoot: LIE }, [stranger]);
      await time.increaseTo(await windowEndOf(job));
      const fee = job.feeOf(PRICE);
      await expect(job.settle(nodes))
        .to.emit(market, "JobSettled")
        .withArgs(job.jobId, JobState.Decided, RIGHT, job.escrow - PRICE - fee - ROYALTY, fee, ROYALTY, PRICE, 0n);
      expect((await job.record()).result).to.equal(resultOf(RIGHT));
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        ...paid(1n),
        stranger: COLLATERAL,
        market: COLLATERAL,
        staking: -2n * COLLATERAL,
        supply: -COLLATERAL,
        ...earningsOf([2], PRICE),
        ...lossOf([0, 1], COLLATERAL),
      });
      expectConserved(changes);
    });

    it("lets what a silent one loses reach the honest node, and nothing of what the liar loses", async () => {
      const { suite, before, job } = await loadFixture(openedByThree);
      const { nodes, stranger } = suite;
      await job.answer(each(nodes, [LIE, null, RIGHT]));
      await refute(job, { liar: nth(nodes, 0), outputRoot: LIE }, [stranger]);
      await time.increaseTo(await windowEndOf(job));
      await job.settle(nodes);
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        ...paid(1n),
        stranger: COLLATERAL / 2n,
        market: COLLATERAL / 2n + PRICE,
        staking: -COLLATERAL - ABSENCE,
        supply: -COLLATERAL / 2n - (ABSENCE - PRICE),
        ...earningsOf([2], 2n * PRICE),
        ...lossOf([0], COLLATERAL),
        ...lossOf([1], ABSENCE),
      });
      expectConserved(changes);
    });
  });

  context("given a puppet that is right, and lets itself be found wrong", () => {
    it("proves nothing against the others who say the same [T068]", async () => {
      const { suite, before, job } = await loadFixture(openedByThree);
      const { nodes, stranger } = suite;
      const seats = nodes.slice(0, 2);
      await job.answer(all(seats, RIGHT));
      await refute(job, { liar: nth(seats, 0), outputRoot: RIGHT, trace: LYING }, [stranger]);
      await time.increaseTo(await windowEndOf(job));
      await job.settle(seats);
      expect(await job.state()).to.equal(JobState.Decided);
      expect((await job.record()).result).to.equal(resultOf(RIGHT));
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.include({ ...paid(1n), ...earningsOf([1], PRICE), ...lossOf([0], COLLATERAL) });
    });
  });

  context("given several who prove the same lie", () => {
    it("divides the reward equally among them, and burns what does not divide", async () => {
      const { suite, before, job } = await loadFixture(openedByThree);
      const { market, nodes, stranger, thief, publisher } = suite;
      const seats = nodes.slice(0, 2);
      await job.answer(each(seats, [LIE, RIGHT]));
      const challengers = [stranger, thief, publisher];
      await refute(job, { liar: nth(seats, 0), outputRoot: LIE }, challengers);
      await time.increaseTo(await windowEndOf(job));
      const share = COLLATERAL / 6n;
      await expect(job.settle(seats))
        .to.emit(market, "LiePaid")
        .withArgs(
          job.jobId,
          nth(seats, 0).node,
          0n,
          challengers.map(({ address }) => address),
          share,
        );
      const changes = await changesSince(before, suite);
      expect([changes.stranger, changes.publisher, changes.supply]).to.deep.equal([
        share,
        share + ROYALTY,
        3n * share - COLLATERAL,
      ]);
      expect((await market.accountOf(thief)).balance).to.equal(share);
    });
  });

  context("given two lies that are disputed, and no other answer", () => {
    it("has no result: the requester has its money back and two prices more, and half of the rest burns", async () => {
      const { suite, before, job } = await loadFixture(openedByThree);
      const { market, nodes, stranger, thief } = suite;
      const seats = nodes.slice(0, 2);
      await job.answer(each(seats, [LIE, LYING_TOO.outputRoot]));
      await refute(job, { liar: nth(seats, 0), outputRoot: LIE }, [stranger]);
      await refute(job, { liar: nth(seats, 1), outputRoot: LYING_TOO.outputRoot }, [thief]);
      await time.increaseTo(await windowEndOf(job));
      const settling = job.settle(seats);
      await expect(settling)
        .to.emit(market, "JobSettled")
        .withArgs(job.jobId, JobState.Undecided, `0x${"00".repeat(32)}`, job.escrow + 2n * PRICE, 0n, 0n, 0n, 0n);
      const first = (COLLATERAL - 2n * PRICE) / 2n;
      await expect(settling)
        .to.emit(market, "LiePaid")
        .withArgs(job.jobId, nth(seats, 0).node, 2n * PRICE, [stranger.address], first);
      await expect(settling)
        .to.emit(market, "LiePaid")
        .withArgs(job.jobId, nth(seats, 1).node, 0n, [thief.address], COLLATERAL / 2n);
      expect((await market.accountOf(thief)).balance).to.equal(COLLATERAL / 2n);
      const { market: held = 0n, ...changes } = await changesSince(before, suite);
      expect(held).to.equal(2n * PRICE + first + COLLATERAL / 2n);
      expect(changes).to.deep.equal({
        requester: 2n * PRICE,
        stranger: first,
        staking: -2n * COLLATERAL,
        supply: held - 2n * COLLATERAL,
        ...lossOf([0, 1], COLLATERAL),
      });
    });
  });
});
