import { expect } from "chai";
import { parseEther, ZeroHash } from "ethers";

import { OptimisticState } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { errorRoot, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { CLOCKS } from "../support/disputes.ts";
import { ROYALTY } from "../support/fixtures.ts";
import { changesSince, expectConserved, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";
import { HONEST, LOWEST, LYING, offering, PRICE, TestOffer } from "../support/optimistic.ts";

const FEE_BPS = 250n;

describe("OptimisticMarketplace.settle", () => {
  const given = () => loadFixture(offering);

  context("given an answer of the named node whose window is over", () => {
    it("pays node, owner and treasury, and returns nothing more than was not used [I09]", async () => {
      const suite = await given();
      const { optimistic, first } = suite;
      const before = await ledgerOf(suite, optimistic);
      const job = await TestOffer.named(suite);
      await job.answer(first);
      await job.endWindow();
      const fee = (PRICE * FEE_BPS) / 10_000n;
      await expect(job.settle())
        .to.emit(optimistic, "JobClosed")
        .withArgs(job.jobId, OptimisticState.Answered, first.node, HONEST.outputRoot, 0n, fee, ROYALTY, PRICE);
      const changes = await changesSince(before, suite, optimistic);
      expect(changes).to.deep.equal({
        requester: -(PRICE + fee + ROYALTY),
        fees: fee,
        publisher: ROYALTY,
        "node 0 earned": PRICE,
      });
      expectConserved(changes);
    });

    it("cannot be settled twice [T082 I07]", async () => {
      const suite = await given();
      const job = await TestOffer.named(suite);
      await job.answer(suite.first);
      await job.endWindow();
      await job.settle();
      await expect(job.settle())
        .to.be.revertedWithCustomError(suite.optimistic, "MarketWrongPhase")
        .withArgs(job.jobId, OptimisticState.Answered);
    });

    it("is settled by what the node stated alone [T084]", async () => {
      const suite = await given();
      const job = await TestOffer.named(suite);
      await job.answer(suite.first, LYING.outputRoot);
      await job.endWindow();
      for (const [node, outputRoot] of [
        [suite.first.node, HONEST.outputRoot],
        [suite.second.node, LYING.outputRoot],
      ] as const) {
        await expect(job.settle(outputRoot, node))
          .to.be.revertedWithCustomError(suite.optimistic, "MarketNotStated")
          .withArgs(job.jobId, node, outputRoot);
      }
    });
  });

  context("given an answer that can still be disputed", () => {
    it("reverts in the last second of the window [T067 T084]", async () => {
      const suite = await given();
      const job = await TestOffer.named(suite);
      await job.answer(suite.first);
      await time.setNextBlockTimestamp((await job.disputableUntil()) - 1);
      await expect(job.settle())
        .to.be.revertedWithCustomError(suite.optimistic, "MarketStillDisputable")
        .withArgs(job.jobId);
    });
  });

  context("given no answer", () => {
    it("reverts: nobody stated that", async () => {
      const suite = await given();
      const job = await TestOffer.named(suite);
      await expect(job.settle())
        .to.be.revertedWithCustomError(suite.optimistic, "MarketWrongPhase")
        .withArgs(job.jobId, OptimisticState.Named);
    });
  });

  context("given the answer of a node that had reserved below the highest price", () => {
    it("pays that price, and returns the rest and the fee on it [I37]", async () => {
      const suite = await given();
      const { optimistic, first } = suite;
      const before = await ledgerOf(suite, optimistic);
      const job = await TestOffer.open(suite);
      await job.reserve(first);
      await job.answer(first);
      await job.endWindow();
      const fee = (LOWEST * FEE_BPS) / 10_000n;
      const refund = job.escrow - LOWEST - fee - ROYALTY;
      await expect(job.settle())
        .to.emit(optimistic, "JobClosed")
        .withArgs(job.jobId, OptimisticState.Answered, first.node, HONEST.outputRoot, refund, fee, ROYALTY, LOWEST);
      const changes = await changesSince(before, suite, optimistic);
      expect(changes).to.deep.equal({
        requester: -(LOWEST + fee + ROYALTY),
        fees: fee,
        publisher: ROYALTY,
        "node 0 earned": LOWEST,
      });
    });
  });

  context("given an error that one node states alone", () => {
    it("earns nothing and costs nothing: the requester has all back", async () => {
      const suite = await given();
      const { optimistic, first } = suite;
      const before = await ledgerOf(suite, optimistic);
      const root = errorRoot(PayloadError.InputMissing);
      const job = await TestOffer.named(suite);
      await job.answer(first, root);
      await job.endWindow();
      await expect(job.settle(root))
        .to.emit(optimistic, "JobClosed")
        .withArgs(job.jobId, OptimisticState.Refused, first.node, root, job.escrow, 0n, 0n, 0n);
      expect(await changesSince(before, suite, optimistic)).to.deep.equal({});
    });

    it("burns what waited for a second node that says so", async () => {
      const suite = await given();
      const { optimistic, first, second } = suite;
      const root = errorRoot(PayloadError.InputMissing);
      const job = await TestOffer.open(suite);
      await job.reserve(first);
      await job.missDeadline();
      await job.expire();
      await job.reserve(second);
      await job.answer(second, root);
      await job.endWindow();
      const before = await ledgerOf(suite, optimistic);
      await job.settle(root);
      const { prize } = job.late(LOWEST);
      const taken = job.collateral(prize);
      expect(await changesSince(before, suite, optimistic)).to.deep.equal({
        market: -prize,
        supply: -prize,
        "node 1 used": -taken,
        "node 1 free": taken,
      });
    });
  });

  context("given a false answer", () => {
    async function lied() {
      const suite = await offering();
      const job = await TestOffer.named(suite, { valueAtStake: 1 });
      await job.answer(suite.first, LYING.outputRoot);
      return { suite, job, before: await ledgerOf(suite, suite.optimistic) };
    }

    it("reverts while others who were right can join the challenger", async () => {
      const { suite, job } = await loadFixture(lied);
      await job.refute(suite.first, [suite.stranger]);
      const finalAt = (await time.latest()) + CLOCKS.floor;
      await time.setNextBlockTimestamp(finalAt - 1);
      await expect(job.settle(LYING.outputRoot))
        .to.be.revertedWithCustomError(suite.disputes, "DisputeSharersNotFinal")
        .withArgs(await job.statementId(suite.first, LYING.outputRoot), finalAt);
      await time.setNextBlockTimestamp(finalAt);
      await job.settle(LYING.outputRoot);
    });

    it("makes the requester whole, rewards the challenger, sets a price aside and burns the rest [T062 I20]", async () => {
      const { suite, job, before } = await loadFixture(lied);
      const { optimistic, first, stranger } = suite;
      await job.refute(first, [stranger]);
      await time.increase(CLOCKS.floor);
      const taken = job.collateral();
      const harm = PRICE + parseEther("1");
      const share = (taken - harm - PRICE) / 2n;
      const transaction = job.settle(LYING.outputRoot);
      await expect(transaction)
        .to.emit(optimistic, "LiePaid")
        .withArgs(job.jobId, first.node, harm, [stranger.address], share);
      await expect(transaction).to.emit(optimistic, "JobReopened").withArgs(job.jobId, first.node, PRICE, job.escrow);
      const changes = await changesSince(before, suite, optimistic);
      expect(changes).to.deep.equal({
        requester: job.escrow + harm,
        stranger: share,
        market: harm + share + PRICE,
        staking: -taken,
        supply: harm + share + PRICE - taken,
        "node 0 used": -taken,
        "node 0 own": -taken,
        "node 0 locked": -taken,
      });
    });

    it("shares the reward among those who proved it, and still pays half at most [T063 I20]", async () => {
      const { suite, job } = await loadFixture(lied);
      const { optimistic, first, stranger, thief } = suite;
      await job.refute(first, [stranger, thief]);
      await time.increase(CLOCKS.floor);
      await job.settle(LYING.outputRoot);
      const share = (job.collateral() - PRICE - parseEther("1") - PRICE) / 4n;
      for (const challenger of [stranger, thief]) {
        expect((await optimistic.accountOf(challenger)).balance).to.equal(share);
      }
    });

    it("lets a second node take the job, which the liar pays [I09]", async () => {
      const { suite, job } = await loadFixture(lied);
      const { optimistic, first, second, stranger } = suite;
      await job.refute(first, [stranger]);
      await time.increase(CLOCKS.floor);
      await job.settle(LYING.outputRoot);
      const before = await ledgerOf(suite, optimistic);
      await job.reserve(second);
      await job.answer(second);
      await job.endWindow();
      await expect(job.settle())
        .to.emit(optimistic, "JobClosed")
        .withArgs(job.jobId, OptimisticState.Answered, second.node, HONEST.outputRoot, 0n, 0n, 0n, PRICE);
      expect(await changesSince(before, suite, optimistic)).to.deep.equal({ "node 1 earned": PRICE });
    });

    it("ends the job when the second answer is false, too, and burns what waited", async () => {
      const { suite, job } = await loadFixture(lied);
      const { optimistic, first, second, stranger } = suite;
      await job.refute(first, [stranger]);
      await time.increase(CLOCKS.floor);
      await job.settle(LYING.outputRoot);
      await job.reserve(second);
      await job.answer(second, LYING.outputRoot);
      const before = await ledgerOf(suite, optimistic);
      await job.refute(second, [stranger], 1);
      await time.increase(CLOCKS.floor);
      const taken = job.collateral(PRICE);
      const harm = PRICE + parseEther("1");
      const share = (taken - harm) / 2n;
      await expect(job.settle(LYING.outputRoot))
        .to.emit(optimistic, "JobClosed")
        .withArgs(job.jobId, OptimisticState.Falsified, second.node, ZeroHash, 0n, 0n, 0n, 0n);
      expect(await changesSince(before, suite, optimistic)).to.deep.equal({
        requester: harm,
        stranger: share,
        market: harm + share - PRICE,
        staking: -taken,
        supply: harm + share - PRICE - taken,
        "node 1 used": -taken,
        "node 1 own": -taken,
        "node 1 locked": -taken,
      });
    });
  });
});
