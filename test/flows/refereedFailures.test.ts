import { expect } from "chai";
import { ZeroHash } from "ethers";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { errorRoot, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { nth } from "../support/actors.ts";
import { ROYALTY } from "../support/fixtures.ts";
import { all, each, PRICE } from "../support/jobs.ts";
import { changesSince, earningsOf, expectConserved, lossOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";
import {
  ABSENCE,
  challenge,
  COLLATERAL,
  HONEST,
  LYING,
  openedByThree,
  refute,
  windowEndOf,
} from "../support/refereed.ts";

const { outputRoot: RIGHT } = HONEST;
const { outputRoot: LIE } = LYING;
const MISSING = errorRoot(PayloadError.InputMissing);
const REFUSED = errorRoot(PayloadError.RefusedByModel);

describe("A job that a referee can judge, and that goes wrong", () => {
  const opened = () => loadFixture(openedByThree);

  context("given answers that differ, and nobody who disputes one", () => {
    it("has no result: each answer costs what silence costs, of which the requester gets two prices [I42]", async () => {
      const { suite, before, job } = await opened();
      const seats = suite.nodes.slice(0, 2);
      await job.answer(each(seats, [RIGHT, LIE]));
      await time.increaseTo(await windowEndOf(job));
      await expect(job.settle(seats))
        .to.emit(suite.market, "JobSettled")
        .withArgs(job.jobId, JobState.Undecided, ZeroHash, job.escrow + 2n * PRICE, 0n, 0n, 0n, 0n);
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        requester: 2n * PRICE,
        market: 2n * PRICE,
        staking: -2n * ABSENCE,
        supply: 2n * PRICE - 2n * ABSENCE,
        ...lossOf([0, 1], ABSENCE),
      });
      expectConserved(changes);
    });
  });

  context("given fewer reveals than the quorum", () => {
    it("takes all of the silent, for who answered and the requester, and pays no royalty", async () => {
      const { suite, before, job } = await opened();
      const seats = suite.nodes.slice(0, 2);
      await job.answer(each(seats, [RIGHT, null]));
      await time.increaseTo(await windowEndOf(job));
      await expect(job.settle(seats))
        .to.emit(suite.market, "JobSettled")
        .withArgs(job.jobId, JobState.Unrevealed, ZeroHash, job.escrow + 2n * PRICE, 0n, 0n, 0n, PRICE);
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        requester: 2n * PRICE,
        market: 3n * PRICE,
        staking: -COLLATERAL,
        supply: 3n * PRICE - COLLATERAL,
        ...earningsOf([0], PRICE),
        ...lossOf([1], COLLATERAL),
      });
      expectConserved(changes);
    });

    it("takes all of a liar as well, and rewards who proved the lie", async () => {
      const { suite, before, job } = await opened();
      const seats = suite.nodes.slice(0, 2);
      await job.answer(each(seats, [LIE, null]));
      await refute(job, { liar: nth(seats, 0), outputRoot: LIE }, [suite.stranger]);
      await time.increaseTo(await windowEndOf(job));
      await expect(job.settle(seats))
        .to.emit(suite.market, "JobSettled")
        .withArgs(job.jobId, JobState.Unrevealed, ZeroHash, job.escrow + 2n * PRICE, 0n, 0n, 0n, 0n);
      const reward = (COLLATERAL - 2n * PRICE) / 2n;
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        requester: 2n * PRICE,
        stranger: reward,
        market: 2n * PRICE + reward,
        staking: -2n * COLLATERAL,
        supply: 2n * PRICE + reward - 2n * COLLATERAL,
        ...lossOf([0, 1], COLLATERAL),
      });
      expectConserved(changes);
    });

    it("ends with the time to reveal where nobody has revealed: nothing can be disputed", async () => {
      const { suite, job } = await opened();
      const { market, refereedPolicy, nodes } = suite;
      const seats = nodes.slice(0, 2);
      await job.answer(all(seats, null));
      const revealEndsAt = (await windowEndOf(job)) - job.fields.windowPeriod;
      await time.setNextBlockTimestamp(revealEndsAt - 1);
      await expect(job.settle(seats))
        .to.be.revertedWithCustomError(refereedPolicy, "PolicyNotFinal")
        .withArgs(job.jobId, JobState.Open, JobState.Open);
      await time.setNextBlockTimestamp(revealEndsAt);
      await expect(job.settle(seats))
        .to.emit(market, "JobSettled")
        .withArgs(job.jobId, JobState.Unrevealed, ZeroHash, job.escrow + 2n * PRICE, 0n, 0n, 0n, 0n);
    });
  });

  context("given fewer seals than the quorum", () => {
    it("refunds at once, whatever was revealed, and nobody loses", async () => {
      const { suite, before, job } = await opened();
      const seats = suite.nodes.slice(0, 1);
      await job.answer(all(seats, LIE));
      await expect(job.expire(seats))
        .to.emit(suite.market, "JobSettled")
        .withArgs(job.jobId, JobState.Unanswered, ZeroHash, job.escrow, 0n, 0n, 0n, 0n);
      expect(await changesSince(before, suite)).to.deep.equal({});
    });
  });

  context("given errors", () => {
    it("pays a fifth of the price where all state the same, when the window is over [I42]", async () => {
      const { suite, before, job } = await opened();
      const seats = suite.nodes.slice(0, 2);
      await job.answer(all(seats, REFUSED));
      await time.increaseTo(await windowEndOf(job));
      const pay = (2n * PRICE) / 5n;
      await expect(job.settle(seats))
        .to.emit(suite.market, "JobSettled")
        .withArgs(job.jobId, JobState.Refused, REFUSED, job.escrow - pay, 0n, 0n, pay, 0n);
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({ requester: -pay, ...earningsOf([0, 1], PRICE / 5n) });
      expectConserved(changes);
    });

    it("has the output as its result where one stands, and each error costs what silence costs [I42]", async () => {
      const { suite, before, job } = await opened();
      await job.answer(each(suite.nodes, [MISSING, RIGHT, MISSING]));
      await time.increaseTo(await windowEndOf(job));
      const fee = job.feeOf(PRICE);
      await expect(job.settle(suite.nodes))
        .to.emit(suite.market, "JobSettled")
        .withArgs(job.jobId, JobState.Decided, RIGHT, job.escrow - PRICE - fee - ROYALTY, fee, ROYALTY, PRICE, 0n);
      const changes = await changesSince(before, suite);
      expect(changes).to.deep.equal({
        requester: -PRICE - fee - ROYALTY,
        fees: fee,
        publisher: ROYALTY,
        staking: -2n * ABSENCE,
        supply: -2n * ABSENCE,
        ...earningsOf([1], PRICE),
        ...lossOf([0, 2], ABSENCE),
      });
      expectConserved(changes);
    });

    for (const [name, outputs] of [
      ["differ", [MISSING, REFUSED]],
      ["stand beside a lie", [LIE, MISSING]],
    ] as const) {
      it(`earns nothing and costs what silence costs where they ${name}`, async () => {
        const { suite, job } = await opened();
        const { market, staking, nodes, version } = suite;
        const seats = nodes.slice(0, 2);
        await job.answer(each(seats, outputs));
        if (outputs[0] === LIE) await refute(job, { liar: nth(seats, 0), outputRoot: LIE }, [suite.stranger]);
        await time.increaseTo(await windowEndOf(job));
        const { bonded } = await staking.ownStakeOf(nth(seats, 1).node);
        await expect(job.settle(seats))
          .to.emit(market, "JobSettled")
          .withArgs(job.jobId, JobState.Undecided, ZeroHash, job.escrow + 2n * PRICE, 0n, 0n, 0n, 0n);
        expect((await staking.ownStakeOf(nth(seats, 1).node)).bonded).to.equal(bonded - ABSENCE);
        expect((await market.servingOf(nth(seats, 1).node, version)).earned).to.equal(0);
      });
    }
  });

  context("given a dispute that outlasts the window", () => {
    it("ends when the dispute has, and not before [T084]", async () => {
      const { suite, job } = await opened();
      const { market, refereedPolicy, disputes, nodes, stranger, requester } = suite;
      const seats = nodes.slice(0, 2);
      await job.answer(each(seats, [LIE, RIGHT]));
      await time.increaseTo((await windowEndOf(job)) - 2);
      const game = await challenge(job, { liar: nth(seats, 0), outputRoot: LIE }, stranger);
      await time.increaseTo(await windowEndOf(job));
      await expect(job.settle(seats))
        .to.be.revertedWithCustomError(refereedPolicy, "PolicyStillDisputable")
        .withArgs(job.jobId, nth(seats, 0).node);

      await time.increase(20);
      await disputes.connect(requester).timeout(game);
      const finalAt = (await time.latest()) + 5;
      await time.setNextBlockTimestamp(finalAt - 1);
      await expect(job.settle(seats))
        .to.be.revertedWithCustomError(disputes, "DisputeSharersNotFinal")
        .withArgs(game.statementId, finalAt);
      await time.setNextBlockTimestamp(finalAt);
      await expect(job.settle(seats)).to.emit(market, "LiePaid");
    });
  });

  context("given seats that are not those who sealed", () => {
    it("reverts and names how many there are, or who is none", async () => {
      const { suite, job } = await opened();
      const { refereedPolicy, commitments, nodes } = suite;
      const seats = nodes.slice(0, 2);
      await job.answer(all(seats, RIGHT));
      await time.increaseTo(await windowEndOf(job));
      for (const given of [nodes, nodes.slice(0, 1), []]) {
        await expect(job.settle(given))
          .to.be.revertedWithCustomError(refereedPolicy, "PolicyWrongSeats")
          .withArgs(job.jobId, given.length, 2);
      }
      await expect(job.settle(nodes.slice(1)))
        .to.be.revertedWithCustomError(commitments, "CommitmentsNotSealed")
        .withArgs(await job.roundId(), nth(nodes, 2).node);
    });
  });

  context("when somebody tries to begin an audit or an appeal", () => {
    it("reverts: there is none where a referee judges", async () => {
      const { suite, job } = await opened();
      const seats = suite.nodes.slice(0, 2);
      await job.answer(each(seats, [LIE, RIGHT]));
      await expect(job.beginNext(seats))
        .to.be.revertedWithCustomError(suite.market, "MarketNotDue")
        .withArgs(job.jobId, JobState.Open, JobState.Open);
    });
  });
});
