import { expect } from "chai";
import { ZeroHash } from "ethers";

import { isStated, optimisticJobId, OptimisticState } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { OWN_STAKE } from "../support/fixtures.ts";
import { changesSince, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";
import { chainId } from "../support/payments.ts";
import { ANSWER_PERIOD, HONEST, LOWEST, LYING, offering, PRICE, TestOffer, WINDOW } from "../support/optimistic.ts";

describe("OptimisticMarketplace.answer", () => {
  const given = () => loadFixture(offering);

  context("given a job that names a node", () => {
    context("when the node answers", () => {
      it("states the output, which its collateral answers for from now on", async () => {
        const suite = await given();
        const { optimistic, first } = suite;
        const job = await TestOffer.named(suite, { valueAtStake: 3 });
        const before = await ledgerOf(suite, optimistic);
        const transaction = job.answer(first);
        await transaction;
        const endsAt = (await time.latest()) + WINDOW;
        await expect(transaction)
          .to.emit(optimistic, "JobAnswered")
          .withArgs(job.jobId, await job.roundId(), first.node, 0, HONEST.outputRoot, endsAt);
        const id = await job.statementId(first, HONEST.outputRoot);
        const record = await job.record();
        expect(record).to.deep.include({ state: OptimisticState.Stated, price: PRICE, since: endsAt, node: undefined });
        expect(isStated(record, id)).to.equal(true);
        expect(await optimistic.disputableUntil(job.jobId, id)).to.equal(endsAt);
        const taken = job.collateral();
        expect(await changesSince(before, suite, optimistic)).to.deep.equal({
          "node 0 used": taken,
          "node 0 free": -taken,
        });
      });

      it("counts in the last second of its time, and not in the next one [T087]", async () => {
        const suite = await given();
        const { optimistic, first } = suite;
        const [job, other] = [await TestOffer.named(suite), await TestOffer.named(suite)];
        const deadline = await other.deadline();
        await time.setNextBlockTimestamp(deadline - 1);
        await job.answer(first);
        await time.setNextBlockTimestamp(deadline);
        await expect(other.answer(first))
          .to.be.revertedWithCustomError(optimistic, "MarketTooLate")
          .withArgs(other.jobId, deadline);
      });

      it("cannot answer twice, whether with the same output or another [T083]", async () => {
        const suite = await given();
        const job = await TestOffer.named(suite);
        await job.answer(suite.first);
        for (const output of [HONEST.outputRoot, LYING.outputRoot]) {
          await expect(job.answer(suite.first, output))
            .to.be.revertedWithCustomError(suite.optimistic, "MarketWrongPhase")
            .withArgs(job.jobId, OptimisticState.Stated);
        }
      });
    });

    context("when its output is zero", () => {
      it("reverts and names the job [T058]", async () => {
        const suite = await given();
        const job = await TestOffer.named(suite);
        await expect(job.answer(suite.first, ZeroHash))
          .to.be.revertedWithCustomError(suite.optimistic, "MarketZeroOutput")
          .withArgs(job.jobId);
      });
    });

    context("when another node answers", () => {
      it("reverts and names the node that may", async () => {
        const suite = await given();
        const job = await TestOffer.named(suite);
        await expect(job.answer(suite.second))
          .to.be.revertedWithCustomError(suite.optimistic, "MarketNotForNode")
          .withArgs(job.jobId, suite.second.node, suite.first.node);
      });
    });

    context("when anyone answers for the node", () => {
      it("reverts and names the signer that may, be it a stranger or the owner", async () => {
        const suite = await given();
        const { optimistic, first, thief } = suite;
        const job = await TestOffer.named(suite);
        for (const sender of [thief, first.owner]) {
          await expect(job.answer(first, HONEST.outputRoot, sender))
            .to.be.revertedWithCustomError(optimistic, "MarketNotSigner")
            .withArgs(first.node, sender, first.signer);
        }
      });
    });

    context("when the lock has too little left for the collateral", () => {
      it("reverts and names what it takes [T096 I14]", async () => {
        const suite = await given();
        const { optimistic, first, version } = suite;
        const job = await TestOffer.named(suite, { valueAtStake: 29 });
        const { maxLock, endsAt } = await optimistic.servingOf(first.node, version);
        const needed = job.collateral();
        expect(needed).to.be.greaterThan(maxLock);
        const now = (await time.latest()) + 1;
        await time.setNextBlockTimestamp(now);
        await expect(job.answer(first))
          .to.be.revertedWithCustomError(optimistic, "MarketLockTooSmall")
          .withArgs(first.node, version, needed, maxLock, BigInt(now) + job.fields.rules.horizonPeriod, endsAt);
      });
    });

    context("when the node's locks exceed its backing", () => {
      it("reverts and names the node", async () => {
        const suite = await given();
        const { optimistic, staking, token, deployer, delegator, first, version } = suite;
        const job = await TestOffer.named(suite);
        await token.connect(deployer).transfer(delegator, OWN_STAKE);
        await token.connect(delegator).approve(staking, OWN_STAKE);
        await staking.connect(delegator).delegate(first.node, OWN_STAKE, 0);
        await staking.connect(first.owner).authorise(first.node, optimistic, 2n * OWN_STAKE);
        const { endsAt } = await optimistic.servingOf(first.node, version);
        await optimistic.connect(first.signer).serve(first.node, version, OWN_STAKE + 1n, endsAt);
        const [shares] = await staking.delegationOf(first.node, delegator);
        await staking.connect(delegator).undelegate(first.node, shares, 0);
        await expect(job.answer(first))
          .to.be.revertedWithCustomError(optimistic, "MarketNodeNotCovered")
          .withArgs(first.node);
      });
    });
  });

  context("given an open job", () => {
    context("when a node answers that has not reserved it", () => {
      it("reverts: nobody can take an answer out of the mempool and claim it", async () => {
        const suite = await given();
        const job = await TestOffer.open(suite);
        await expect(job.answer(suite.first))
          .to.be.revertedWithCustomError(suite.optimistic, "MarketWrongPhase")
          .withArgs(job.jobId, OptimisticState.Open);
      });
    });

    context("when a node has reserved it", () => {
      it("is that node's to answer, until its time is over", async () => {
        const suite = await given();
        const { optimistic, first, second } = suite;
        const job = await TestOffer.open(suite);
        await job.reserve(first);
        await expect(job.answer(second))
          .to.be.revertedWithCustomError(optimistic, "MarketNotForNode")
          .withArgs(job.jobId, second.node, first.node);
        const answeredAt = (await time.latest()) + ANSWER_PERIOD - 1;
        await time.setNextBlockTimestamp(answeredAt);
        await expect(job.answer(first))
          .to.emit(optimistic, "JobAnswered")
          .withArgs(job.jobId, await job.roundId(), first.node, 0, HONEST.outputRoot, answeredAt + WINDOW);
        expect((await optimistic.servingOf(first.node, suite.version)).used).to.equal(job.collateral(LOWEST));
      });

      it("is for its signer alone", async () => {
        const suite = await given();
        const { optimistic, first, thief } = suite;
        const job = await TestOffer.open(suite);
        await job.reserve(first);
        await expect(job.answer(first, HONEST.outputRoot, thief))
          .to.be.revertedWithCustomError(optimistic, "MarketNotSigner")
          .withArgs(first.node, thief, first.signer);
      });

      it("is late in the second of its deadline", async () => {
        const suite = await given();
        const job = await TestOffer.open(suite);
        await job.reserve(suite.first);
        const deadline = await job.deadline();
        await time.setNextBlockTimestamp(deadline);
        await expect(job.answer(suite.first))
          .to.be.revertedWithCustomError(suite.optimistic, "MarketTooLate")
          .withArgs(job.jobId, deadline);
      });
    });
  });

  context("given a job that nobody has ordered", () => {
    it("reverts and names its hash [T083]", async () => {
      const suite = await given();
      const { optimistic, first } = suite;
      const job = await TestOffer.named(suite);
      const forged = { ...job.packed, inputRoot: job.packed.versionId };
      await expect(optimistic.connect(first.signer).answer(forged, first.node, HONEST.outputRoot))
        .to.be.revertedWithCustomError(optimistic, "MarketUnknownJob")
        .withArgs(optimisticJobId(await chainId(), await optimistic.getAddress(), forged));
    });
  });
});
