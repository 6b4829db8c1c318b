import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { drawSeed, isDrawn } from "../../packages/sdk/src/codecs/draw.ts";
import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { only } from "../support/actors.ts";
import {
  LOCK_PERIOD,
  MAX_LOCK,
  OWN_STAKE,
  served,
  servedByNine,
  servedByThree,
  startNode,
} from "../support/fixtures.ts";
import { all, PRICE, RIGHT, SALT, SEAL_PERIOD, TestJob } from "../support/jobs.ts";
import { ethers, loadFixture, mineAtOnce, time } from "../support/network.ts";

const COLLATERAL = 8n * PRICE;
const servedByTen = () => served(10);

/** A job whose sealing is open, and one node that may sit in it. */
async function opened() {
  const suite = await loadFixture(servedByThree);
  const job = await (await TestJob.request(suite)).open();
  return { ...suite, suite, job, operator: only(suite.nodes.slice(0, 1)) };
}

describe("InferenceMarketplace.commit", () => {
  context("given an open job and a node on which the draw falls", () => {
    it("records the seed, seals and books the collateral", async () => {
      const { job, operator, market, commitments, version, suite } = await opened();
      const { seedBlock, startedAt } = await job.record();
      const commitment = await job.seal(operator, RIGHT);
      const round = await job.roundId();
      const transaction = job.commit(operator);

      const hash = (await ethers.provider.getBlock(seedBlock))?.hash ?? "";
      const seed = drawSeed(hash, job.jobId, JobState.Open);
      await expect(transaction).to.emit(market, "SeedRecorded").withArgs(job.jobId, seed);
      expect((await job.record()).seed).to.equal(seed);

      const [word] = await commitments.roundOf(round);
      await expect(transaction)
        .to.emit(commitments, "RoundOpened")
        .withArgs(round, market, job.jobId, 0, word)
        .and.to.emit(commitments, "ResultSealed")
        .withArgs(round, operator.node, commitment, startedAt + SEAL_PERIOD);
      const { used, maxLock } = await suite.market.servingOf(operator.node, version);
      expect([used, maxLock]).to.deep.equal([COLLATERAL, MAX_LOCK]);
    });

    it("leaves the node's lock as it is, because that stands already", async () => {
      const { job, operator, staking } = await opened();
      const locked = await staking.lockedOf(operator.node);
      await expect(job.commit(operator)).not.to.emit(staking, "LockChanged");
      expect(await staking.lockedOf(operator.node)).to.equal(locked);
    });

    context("when it sealed before", () => {
      it("reverts and names round and node [T041 I34 I36]", async () => {
        const { job, operator, commitments } = await opened();
        await job.commit(operator);
        await expect(job.commit(operator))
          .to.be.revertedWithCustomError(commitments, "CommitmentsAlreadySealed")
          .withArgs(await job.roundId(), operator.node);
      });
    });

    context("when it seals nothing", () => {
      it("reverts and names round and node", async () => {
        const { job, operator, market, commitments } = await opened();
        await expect(market.connect(operator.signer).commit(job.packed, operator.node, ZeroHash))
          .to.be.revertedWithCustomError(commitments, "CommitmentsZeroSeal")
          .withArgs(await job.roundId(), operator.node);
      });
    });
  });

  context("when anyone but the node's signer sends it", () => {
    it("reverts and names node, caller and signer", async () => {
      const { job, operator, market, thief } = await opened();
      for (const caller of [thief, operator.owner]) {
        await expect(market.connect(caller).commit(job.packed, operator.node, SALT))
          .to.be.revertedWithCustomError(market, "MarketNotSigner")
          .withArgs(operator.node, caller, operator.signer);
      }
    });

    it("reverts for a signer that was revoked, and names none", async () => {
      const { job, operator, market, staking } = await opened();
      await staking.connect(operator.owner).revokeSigner(operator.node);
      await expect(job.commit(operator))
        .to.be.revertedWithCustomError(market, "MarketNotSigner")
        .withArgs(operator.node, operator.signer, ZeroAddress);
    });
  });

  context("given the clocks of a draw", () => {
    it("reverts before the seed's block is mined, and names block and time", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await TestJob.request(suite);
      const { requestBlock, requestedAt } = job.fields;
      await expect(job.commit(only(suite.nodes.slice(0, 1))))
        .to.be.revertedWithCustomError(suite.market, "MarketSealingNotOpen")
        .withArgs(job.jobId, requestBlock + 2, requestedAt + 2);
    });

    it("reverts a second before sealing opens, and takes the seal in the second in which it does [T059]", async () => {
      const suite = await loadFixture(servedByThree);
      const operator = only(suite.nodes.slice(0, 1));
      const job = await TestJob.request(suite);
      const { requestBlock, requestedAt } = job.fields;
      await mineAtOnce(3);
      await time.setNextBlockTimestamp(requestedAt + 1);
      await expect(job.commit(operator))
        .to.be.revertedWithCustomError(suite.market, "MarketSealingNotOpen")
        .withArgs(job.jobId, requestBlock + 2, requestedAt + 2);
      await time.setNextBlockTimestamp(requestedAt + 2);
      await job.commit(operator);
    });

    it("takes a seal in the last second of the last step, and reverts in the next [T042 T059 I21]", async () => {
      const { job, operator, market, nodes, commitments } = await opened();
      await job.advance();
      const { startedAt } = await job.record();
      const end = startedAt + 5 * SEAL_PERIOD;
      await time.setNextBlockTimestamp(end - 1);
      await expect(job.commit(operator))
        .to.emit(commitments, "ResultSealed")
        .withArgs(await job.roundId(), operator.node, await job.seal(operator, RIGHT), end);
      await time.setNextBlockTimestamp(end);
      await expect(job.commit(only(nodes.slice(1, 2))))
        .to.be.revertedWithCustomError(market, "MarketSealingOver")
        .withArgs(job.jobId, end);
    });

    it("reverts after a step in which enough have sealed [T042 I21]", async () => {
      const { job, nodes, commitments } = await opened();
      for (const operator of nodes.slice(0, 2)) await job.commit(operator);
      const { sealEndsAt } = await job.round();
      await time.setNextBlockTimestamp(sealEndsAt);
      await expect(job.commit(only(nodes.slice(2))))
        .to.be.revertedWithCustomError(commitments, "CommitmentsSealingOver")
        .withArgs(await job.roundId(), sealEndsAt);
    });

    it("reverts when nobody recorded the seed in time [T048]", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await TestJob.request(suite);
      const { requestBlock, requestedAt } = job.fields;
      await time.setNextBlockTimestamp(requestedAt + 20);
      await expect(job.commit(only(suite.nodes.slice(0, 1))))
        .to.be.revertedWithCustomError(suite.market, "MarketSeedMissed")
        .withArgs(job.jobId, requestBlock + 2);
    });
  });

  context("given more nodes than the draw wants", () => {
    for (const step of [0, 1]) {
      it(`lets exactly those sit on which it falls in step ${step} [T051]`, async () => {
        const suite = await loadFixture(servedByNine);
        const job = await (await TestJob.request(suite)).open();
        await job.advance();
        const { seed } = await job.record();
        const lot = { seed, weight: OWN_STAKE, totalWeight: 9n * OWN_STAKE, quorum: 2, seatFactorBps: 15_000n, step };
        await time.increase(step * SEAL_PERIOD);
        for (const operator of suite.nodes) {
          const commit = job.commit(operator);
          if (isDrawn({ ...lot, node: operator.node })) {
            await expect(commit).to.emit(suite.commitments, "ResultSealed");
          } else {
            await expect(commit)
              .to.be.revertedWithCustomError(suite.market, "MarketNotDrawn")
              .withArgs(job.jobId, operator.node, step);
          }
        }
      });
    }

    it("reverts when the round is full [I36]", async () => {
      const suite = await loadFixture(servedByTen);
      const job = await (await TestJob.request(suite)).open();
      await job.advance();
      const { startedAt } = await job.record();
      await time.increaseTo(startedAt + 2 * SEAL_PERIOD); // four times three of ten: all
      for (const operator of suite.nodes.slice(0, 9)) await job.commit(operator);
      await expect(job.commit(only(suite.nodes.slice(9))))
        .to.be.revertedWithCustomError(suite.commitments, "CommitmentsRoundFull")
        .withArgs(await job.roundId(), 9);
    });
  });

  context("given a node whose weight came too late", () => {
    it("is never drawn [T033 T050 I19]", async () => {
      const suite = await loadFixture(servedByThree);
      const late = only(suite.operators.slice(3, 4));
      await startNode(suite, late, suite.version);
      const job = await (await TestJob.request(suite)).open();
      await expect(job.commit(late))
        .to.be.revertedWithCustomError(suite.market, "MarketNotDrawn")
        .withArgs(job.jobId, late.node, 0);
    });
  });

  context("given a node whose locks exceed its backing", () => {
    it("reverts and names the node", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, staking, token, deployer, delegator, version } = suite;
      const operator = only(suite.nodes.slice(0, 1));
      await token.connect(deployer).transfer(delegator, OWN_STAKE);
      await token.connect(delegator).approve(staking, OWN_STAKE);
      await staking.connect(delegator).delegate(operator.node, OWN_STAKE, 0);
      await staking.connect(operator.owner).authorise(operator.node, market, 2n * OWN_STAKE);
      const endsAt = BigInt(await time.latest()) + LOCK_PERIOD + 100n;
      await market.connect(operator.signer).serve(operator.node, version, OWN_STAKE, OWN_STAKE + 1n, endsAt);
      const [shares] = await staking.delegationOf(operator.node, delegator);
      await staking.connect(delegator).undelegate(operator.node, shares, 0);

      const job = await (await TestJob.request(suite)).open();
      await expect(job.commit(operator))
        .to.be.revertedWithCustomError(market, "MarketNodeNotCovered")
        .withArgs(operator.node);
    });
  });

  context("given a node whose lock is too small or ends too early", () => {
    it("reverts and names what the seat needs and what there is", async () => {
      const { suite, job, operator, market, version } = await opened();
      const { endsAt } = await market.servingOf(operator.node, version);
      await market.connect(operator.signer).serve(operator.node, version, OWN_STAKE, 2n * COLLATERAL - 1n, endsAt);
      await job.commit(operator);
      const second = await (await TestJob.request(suite)).open();
      const now = await time.latest();
      await time.setNextBlockTimestamp(now + 1);
      const neededUntil = BigInt(now + 1) + second.fields.rules.horizonPeriod;
      await expect(second.commit(operator))
        .to.be.revertedWithCustomError(market, "MarketLockTooSmall")
        .withArgs(operator.node, version, 2n * COLLATERAL, 2n * COLLATERAL - 1n, neededUntil, endsAt);
    });

    it("takes the seat while the lock outlasts the job's horizon, and not a second longer [T066 I17]", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, version } = suite;
      const operator = only(suite.nodes.slice(0, 1));
      const { endsAt } = await market.servingOf(operator.node, version);
      const { rules } = (await TestJob.request(suite)).fields;
      const last = Number(endsAt - rules.horizonPeriod);
      await time.increaseTo(last - 10);
      const [first, second] = [await TestJob.request(suite), await TestJob.request(suite)];
      await mineAtOnce(3);
      await time.setNextBlockTimestamp(last);
      await first.commit(operator);
      await time.setNextBlockTimestamp(last + 1);
      await expect(second.commit(operator))
        .to.be.revertedWithCustomError(market, "MarketLockTooSmall")
        .withArgs(operator.node, version, 2n * COLLATERAL, MAX_LOCK, endsAt + 1n, endsAt);
    });
  });

  context("given an audit", () => {
    it("reverts for a node of the first draw, and names it [I36]", async () => {
      const { suite, market } = await opened();
      const job = await (await TestJob.request(suite, { auditBps: 10_000 })).open();
      const seats = suite.nodes.slice(0, 2);
      await job.answer(all(seats));
      await job.beginNext(seats);
      for (const operator of seats) {
        await expect(job.commit(operator, RIGHT, 1))
          .to.be.revertedWithCustomError(market, "MarketNotFresh")
          .withArgs(job.jobId, operator.node);
      }
    });
  });

  context("given a job that is final", () => {
    it("reverts and names its state [I07]", async () => {
      const { job, nodes, operator, market } = await opened();
      const seats = nodes.slice(0, 2);
      await job.answer(all(seats));
      await job.settle(seats);
      await expect(job.commit(operator))
        .to.be.revertedWithCustomError(market, "MarketWrongState")
        .withArgs(job.jobId, JobState.Agreed);
    });
  });
});
