import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { OptimisticState } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { changesSince, ledgerOf } from "../support/ledger.ts";
import { loadFixture } from "../support/network.ts";
import { offering, TestOffer } from "../support/optimistic.ts";

describe("OptimisticMarketplace.cancel", () => {
  const given = () => loadFixture(offering);

  context("given an open job that nobody has reserved", () => {
    it("gives the requester all back [I09]", async () => {
      const suite = await given();
      const { optimistic } = suite;
      const before = await ledgerOf(suite, optimistic);
      const job = await TestOffer.open(suite);
      await expect(job.cancel())
        .to.emit(optimistic, "JobClosed")
        .withArgs(job.jobId, OptimisticState.Cancelled, ZeroAddress, ZeroHash, job.escrow, 0n, 0n, 0n);
      expect(await changesSince(before, suite, optimistic)).to.deep.equal({});
      await expect(job.reserve(suite.first))
        .to.be.revertedWithCustomError(optimistic, "MarketWrongPhase")
        .withArgs(job.jobId, OptimisticState.Cancelled);
    });

    it("reverts for anyone else and names the requester", async () => {
      const suite = await given();
      const job = await TestOffer.open(suite);
      await expect(job.cancel(suite.thief))
        .to.be.revertedWithCustomError(suite.optimistic, "MarketNotRequester")
        .withArgs(suite.thief, suite.requester);
    });
  });

  context("given a job that a node works on", () => {
    it("reverts, whether the node has reserved it or was named [T085]", async () => {
      const suite = await given();
      const reserved = await TestOffer.open(suite);
      await reserved.reserve(suite.first);
      const named = await TestOffer.named(suite);
      for (const [job, state] of [
        [reserved, OptimisticState.Reserved],
        [named, OptimisticState.Named],
      ] as const) {
        await expect(job.cancel())
          .to.be.revertedWithCustomError(suite.optimistic, "MarketWrongPhase")
          .withArgs(job.jobId, state);
      }
    });
  });

  context("given a job that waits for a second node", () => {
    it("reverts: the requester has its money back already [T082]", async () => {
      const suite = await given();
      const job = await TestOffer.open(suite);
      await job.reserve(suite.first);
      await job.missDeadline();
      await job.expire();
      await expect(job.cancel())
        .to.be.revertedWithCustomError(suite.optimistic, "MarketWrongPhase")
        .withArgs(job.jobId, OptimisticState.Open);
    });
  });
});
