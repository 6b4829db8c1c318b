import { expect } from "chai";
import { parseEther, ZeroAddress, ZeroHash } from "ethers";

import { OptimisticState } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { errorRoot, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { AuditedOffer, auditing, bothRevealed, bothSealed } from "../support/audits.ts";
import { CLOCKS } from "../support/disputes.ts";
import { ROYALTY } from "../support/fixtures.ts";
import { changesSince, expectConserved, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";
import { HONEST, LYING, PRICE } from "../support/optimistic.ts";

const ERROR = errorRoot(PayloadError.InputMissing);

/** What a node loses of its own, in the books. */
const lost = (index: number, taken: bigint) => ({
  [`node ${index} own`]: -taken,
  [`node ${index} locked`]: -taken,
  [`node ${index} free`]: -taken,
});

/** An audited job, and the books before it. */
async function given() {
  const suite = await loadFixture(auditing);
  const before = await ledgerOf(suite, suite.optimistic);
  const offer = await AuditedOffer.named(suite);
  // A prize that waits for a second node is nobody's yet.
  const changes = async (prize = 0n) => {
    const all = await changesSince(before, suite, suite.optimistic);
    expectConserved({ ...all, market: (all.market ?? 0n) - prize, supply: (all.supply ?? 0n) - prize });
    return all;
  };
  return { ...suite, offer, job: offer.job, fee: offer.fee(), changes };
}

describe("OptimisticMarketplace.settleAudited", () => {
  context("given a node and an auditor who state the same, which nobody disputes", () => {
    it("pays both, and the owner of the model once [I09]", async () => {
      const { optimistic, offer, job, fee, first, second, changes } = await given();
      await bothRevealed(offer, [first, HONEST.outputRoot], [second, HONEST.outputRoot]);
      const transaction = offer.settle(second);
      await expect(transaction).to.emit(optimistic, "AuditClosed").withArgs(job.jobId, second.node, PRICE, fee);
      await expect(transaction)
        .to.emit(optimistic, "JobClosed")
        .withArgs(job.jobId, OptimisticState.Answered, first.node, HONEST.outputRoot, 0n, fee, ROYALTY, PRICE);
      expect(await changes()).to.deep.equal({
        requester: -job.escrow,
        fees: 2n * fee,
        publisher: ROYALTY,
        "node 0 earned": PRICE,
        "node 1 earned": PRICE,
      });
    });

    it("cannot be settled twice, nor as a job that is not audited [T082 I07]", async () => {
      const { optimistic, offer, job, first, second } = await given();
      await bothRevealed(offer, [first, HONEST.outputRoot], [second, HONEST.outputRoot]);
      await expect(job.settle())
        .to.be.revertedWithCustomError(optimistic, "MarketWrongPhase")
        .withArgs(job.jobId, OptimisticState.Named);
      await offer.settle(second);
      await expect(offer.settle(second))
        .to.be.revertedWithCustomError(optimistic, "MarketWrongPhase")
        .withArgs(job.jobId, OptimisticState.Answered);
    });

    it("is settled with the auditor who has sealed alone [T084]", async () => {
      const { optimisticPolicy, offer, job, first, second, third } = await given();
      await bothRevealed(offer, [first, HONEST.outputRoot], [second, HONEST.outputRoot]);
      for (const [auditor, named] of [
        [undefined, ZeroAddress],
        [first, first.node],
        [third, third.node],
      ] as const) {
        await expect(offer.settle(auditor))
          .to.be.revertedWithCustomError(optimisticPolicy, "PolicyWrongAuditor")
          .withArgs(job.jobId, named);
      }
    });
  });

  context("given a job that nobody audits", () => {
    it("pays the node, and gives back what waited for an auditor", async () => {
      const { offer, fee, first, changes } = await given();
      await offer.seal(first);
      await offer.endSealing();
      await offer.reveal(first);
      await offer.endWindow();
      await offer.settle();
      expect(await changes()).to.deep.equal({
        requester: -(PRICE + fee + ROYALTY),
        fees: fee,
        publisher: ROYALTY,
        "node 0 earned": PRICE,
      });
    });

    it("knows no auditor", async () => {
      const { optimisticPolicy, offer, job, first, second } = await given();
      await offer.seal(first);
      await offer.endSealing();
      await offer.reveal(first);
      await offer.endWindow();
      await expect(offer.settle(second))
        .to.be.revertedWithCustomError(optimisticPolicy, "PolicyWrongAuditor")
        .withArgs(job.jobId, second.node);
    });
  });

  context("given what is not over", () => {
    it("reverts while somebody can reveal, and while a reveal can be disputed [T067]", async () => {
      const { optimisticPolicy, offer, job, first, second } = await given();
      await bothSealed(offer, [first, HONEST.outputRoot], [second, HONEST.outputRoot]);
      await offer.reveal(first);
      const { sealEndsAt, revealPeriod } = await offer.round();
      await expect(offer.settle(second))
        .to.be.revertedWithCustomError(optimisticPolicy, "PolicyRoundNotOver")
        .withArgs(job.jobId, sealEndsAt + revealPeriod);
      await offer.reveal(second);
      await time.setNextBlockTimestamp((await offer.disputableUntil()) - 1);
      await expect(offer.settle(second))
        .to.be.revertedWithCustomError(optimisticPolicy, "PolicyStillDisputable")
        .withArgs(job.jobId, first.node);
      await offer.endWindow();
      await offer.settle(second);
    });

    it("reverts where nobody has sealed, and where no answer is sealed at all", async () => {
      const { optimistic, optimisticPolicy, offer, job, ...suite } = await given();
      await expect(offer.settle())
        .to.be.revertedWithCustomError(optimisticPolicy, "PolicyRoundNotOver")
        .withArgs(job.jobId, 0n);
      const plain = await AuditedOffer.named({ ...suite, optimistic, optimisticPolicy }, { auditBps: 0 });
      await expect(plain.settle())
        .to.be.revertedWithCustomError(optimistic, "MarketNotAudited")
        .withArgs(plain.job.jobId);
    });
  });

  context("given a node that has sealed and stays silent", () => {
    it("loses its whole lock, makes the requester whole and pays for a second answer [T045 I20]", async () => {
      const { optimistic, offer, job, first, changes } = await given();
      await offer.seal(first);
      await offer.endReveals();
      const taken = job.collateral();
      const transaction = offer.settle();
      await expect(transaction).to.emit(optimistic, "LiePaid").withArgs(job.jobId, first.node, PRICE, [], 0n);
      await expect(transaction).to.emit(optimistic, "JobReopened").withArgs(job.jobId, first.node, PRICE, job.escrow);
      expect(await changes(PRICE)).to.deep.equal({
        requester: PRICE,
        market: PRICE + PRICE,
        ...lost(0, taken),
        staking: -taken,
        supply: PRICE + PRICE - taken,
      });
    });

    it("pays the auditor who has answered, at the node's expense", async () => {
      const { optimistic, offer, job, fee, first, second, changes } = await given();
      await bothSealed(offer, [first, LYING.outputRoot], [second, HONEST.outputRoot]);
      await offer.reveal(second);
      await offer.endWindow();
      const taken = job.collateral();
      const spent = PRICE + fee;
      await expect(offer.settle(second))
        .to.emit(optimistic, "LiePaid")
        .withArgs(job.jobId, first.node, PRICE + spent, [], 0n);
      expect(await changes(PRICE)).to.deep.equal({
        requester: PRICE,
        fees: fee,
        "node 1 earned": PRICE,
        market: PRICE + spent + PRICE,
        ...lost(0, taken),
        staking: -taken,
        supply: PRICE + spent + PRICE - taken,
      });
    });

    it("costs both where the auditor is silent, too", async () => {
      const { offer, job, first, second, changes } = await given();
      await bothSealed(offer, [first, HONEST.outputRoot], [second, HONEST.outputRoot]);
      await offer.endReveals();
      await offer.settle(second);
      const absence = (offer.collateral() * 1_250n) / 10_000n;
      expect(await changes(PRICE)).to.deep.include({
        requester: PRICE + absence,
        ...lost(0, job.collateral()),
        ...lost(1, absence),
      });
    });
  });

  context("given an auditor who has sealed and stays silent", () => {
    it("takes a part of its lock, of which the requester gets a price at most, and pays the node [T045]", async () => {
      const { optimistic, offer, job, fee, first, second, changes } = await given();
      await bothSealed(offer, [first, HONEST.outputRoot], [second, HONEST.outputRoot]);
      await offer.reveal(first);
      await offer.endWindow();
      const absence = (offer.collateral() * 1_250n) / 10_000n;
      await expect(offer.settle(second)).to.emit(optimistic, "AbsencePaid").withArgs(job.jobId, second.node, absence);
      expect(await changes()).to.deep.equal({
        requester: absence - PRICE - fee - ROYALTY,
        fees: fee,
        publisher: ROYALTY,
        "node 0 earned": PRICE,
        market: absence,
        ...lost(1, absence),
        staking: -absence,
      });
    });
  });

  context("given a node that is proven false", () => {
    it("pays the auditor and whoever proved it, and makes the requester whole [T062 I20]", async () => {
      const { optimistic, offer, job, fee, first, second, stranger, changes } = await given();
      await bothSealed(offer, [first, LYING.outputRoot], [second, HONEST.outputRoot]);
      await offer.reveal(first, LYING.outputRoot);
      await offer.reveal(second);
      await job.refute(first, [stranger]);
      await offer.endWindow();
      const taken = job.collateral();
      const harm = 2n * PRICE + fee;
      const share = (taken - harm - PRICE) / 2n;
      await expect(offer.settle(second))
        .to.emit(optimistic, "LiePaid")
        .withArgs(job.jobId, first.node, harm, [stranger.address], share);
      expect(await changes(PRICE)).to.deep.equal({
        requester: PRICE,
        fees: fee,
        stranger: share,
        "node 1 earned": PRICE,
        market: harm + PRICE + share,
        ...lost(0, taken),
        staking: -taken,
        supply: harm + PRICE + share - taken,
      });
    });

    it("waits for those who can join the challenger, without an audit, too", async () => {
      const { disputes, offer, job, first, stranger } = await given();
      await offer.seal(first, LYING.outputRoot);
      await offer.endSealing();
      await offer.reveal(first, LYING.outputRoot);
      await job.refute(first, [stranger]);
      const finalAt = (await time.latest()) + CLOCKS.floor;
      await time.setNextBlockTimestamp(finalAt - 1);
      await expect(offer.settle())
        .to.be.revertedWithCustomError(disputes, "DisputeSharersNotFinal")
        .withArgs(await job.statementId(first, LYING.outputRoot), finalAt);
      await time.setNextBlockTimestamp(finalAt);
      await offer.settle();
      expect(await job.record()).to.include({ state: OptimisticState.Open, attempt: 1 });
    });

    it("opens the job for a second node, which answers without a seal and a plain lock", async () => {
      const { optimistic, offer, job, first, second, stranger } = await given();
      await offer.seal(first, LYING.outputRoot);
      await offer.endSealing();
      await offer.reveal(first, LYING.outputRoot);
      await job.refute(first, [stranger]);
      await time.increase(CLOCKS.floor);
      await offer.settle();
      await job.reserve(second);
      await expect(offer.seal(second))
        .to.be.revertedWithCustomError(optimistic, "MarketNotAudited")
        .withArgs(job.jobId);
      await job.answer(second);
      await job.endWindow();
      await expect(job.settle())
        .to.emit(optimistic, "JobClosed")
        .withArgs(job.jobId, OptimisticState.Answered, second.node, HONEST.outputRoot, 0n, 0n, 0n, PRICE);
    });
  });

  context("given an auditor who is proven false", () => {
    it("loses its whole lock to requester and challenger, and the node is paid [T062 I20]", async () => {
      const { optimistic, offer, job, fee, first, second, stranger, changes } = await given();
      await bothSealed(offer, [first, HONEST.outputRoot], [second, LYING.outputRoot]);
      await offer.reveal(first);
      await offer.reveal(second, LYING.outputRoot);
      await job.refute(second, [stranger]);
      await offer.endWindow();
      const taken = offer.collateral();
      const share = (taken - PRICE) / 2n;
      await expect(offer.settle(second))
        .to.emit(optimistic, "LiePaid")
        .withArgs(job.jobId, second.node, PRICE, [stranger.address], share);
      expect(await changes()).to.deep.equal({
        requester: -(fee + ROYALTY),
        fees: fee,
        publisher: ROYALTY,
        stranger: share,
        "node 0 earned": PRICE,
        market: PRICE + share,
        ...lost(1, taken),
        staking: -taken,
        supply: PRICE + share - taken,
      });
    });

    it("is paid nothing where the node lied, too: both lose all", async () => {
      const { offer, job, first, second, stranger, changes } = await given();
      await bothSealed(offer, [first, LYING.outputRoot], [second, LYING.outputRoot]);
      await offer.reveal(first, LYING.outputRoot);
      await offer.reveal(second, LYING.outputRoot);
      await job.refute(first, [stranger]);
      await job.refute(second, [stranger]);
      await offer.endWindow();
      await offer.settle(second);
      expect(await changes(PRICE)).to.deep.include({
        requester: 2n * PRICE,
        ...lost(0, job.collateral()),
        ...lost(1, offer.collateral()),
      });
    });
  });

  context("given two outputs that differ, which nobody disputes", () => {
    it("refunds the requester and takes a part of both locks", async () => {
      const { optimistic, offer, job, first, second, changes } = await given();
      await bothRevealed(offer, [first, HONEST.outputRoot], [second, LYING.outputRoot]);
      const [node, auditor] = [job.collateral(), offer.collateral()].map((locked) => (locked * 1_250n) / 10_000n) as [
        bigint,
        bigint,
      ];
      const transaction = offer.settle(second);
      await expect(transaction).to.emit(optimistic, "AbsencePaid").withArgs(job.jobId, first.node, node);
      await expect(transaction).to.emit(optimistic, "AbsencePaid").withArgs(job.jobId, second.node, auditor);
      await expect(transaction)
        .to.emit(optimistic, "JobClosed")
        .withArgs(job.jobId, OptimisticState.Undecided, first.node, ZeroHash, job.escrow, 0n, 0n, 0n);
      expect(await changes()).to.deep.equal({
        requester: node + auditor,
        market: node + auditor,
        ...lost(0, node),
        ...lost(1, auditor),
        staking: -(node + auditor),
      });
    });
  });

  context("given a large lock and two outputs that differ", () => {
    it("gives the requester a price of each penalty at most, and burns the rest", async () => {
      const suite = await loadFixture(auditing);
      const { optimistic, first, second } = suite;
      const before = await ledgerOf(suite, optimistic);
      const offer = await AuditedOffer.named(suite, { valueAtStake: 20 });
      await bothRevealed(offer, [first, HONEST.outputRoot], [second, LYING.outputRoot]);
      await offer.settle(second);
      const [node, auditor] = [offer.job.collateral() / 8n, offer.collateral() / 8n];
      expect(node).to.be.greaterThan(PRICE);
      expect(await changesSince(before, suite, optimistic)).to.deep.include({
        requester: PRICE + auditor,
        ...lost(0, node),
        supply: PRICE - node,
      });
    });
  });

  context("given an error", () => {
    it("of the auditor alone earns nothing and costs nothing, and the node is paid", async () => {
      const { optimistic, offer, job, fee, first, second, changes } = await given();
      await bothRevealed(offer, [first, HONEST.outputRoot], [second, ERROR]);
      await expect(offer.settle(second)).to.emit(optimistic, "AuditClosed").withArgs(job.jobId, second.node, 0n, 0n);
      expect(await changes()).to.deep.equal({
        requester: -(PRICE + fee + ROYALTY),
        fees: fee,
        publisher: ROYALTY,
        "node 0 earned": PRICE,
      });
    });

    it("of the node is paid to nobody, whatever the auditor states", async () => {
      for (const auditRoot of [ERROR, HONEST.outputRoot]) {
        const { optimistic, offer, job, first, second, changes } = await given();
        await bothRevealed(offer, [first, ERROR], [second, auditRoot]);
        await expect(offer.settle(second))
          .to.emit(optimistic, "JobClosed")
          .withArgs(job.jobId, OptimisticState.Refused, first.node, ERROR, job.escrow, 0n, 0n, 0n);
        expect(await changes()).to.deep.equal({});
      }
    });
  });

  context("given a job that was left open", () => {
    it("pays node and auditor the price at which it was reserved [I37]", async () => {
      const suite = await loadFixture(auditing);
      const { optimistic, first, second } = suite;
      const before = await ledgerOf(suite, optimistic);
      const offer = await AuditedOffer.open(suite, { valueAtStake: 1 });
      await offer.job.reserve(first);
      await bothRevealed(offer, [first, HONEST.outputRoot], [second, HONEST.outputRoot]);
      await offer.settle(second);
      const { price } = await offer.job.record();
      expect(price).to.equal(parseEther("1"));
      expect(await changesSince(before, suite, optimistic)).to.deep.equal({
        requester: -2n * (price + offer.fee(price)) - ROYALTY,
        fees: 2n * offer.fee(price),
        publisher: ROYALTY,
        "node 0 earned": price,
        "node 1 earned": price,
      });
    });
  });
});
