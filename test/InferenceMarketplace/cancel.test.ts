import { expect } from "chai";
import { ZeroHash } from "ethers";

import { jobId, JobState } from "../../packages/sdk/src/codecs/job.ts";
import { servedByThree } from "../support/fixtures.ts";
import { TestJob } from "../support/jobs.ts";
import { loadFixture, mine } from "../support/network.ts";
import { chainId } from "../support/payments.ts";

describe("InferenceMarketplace.cancel", () => {
  context("given a job whose seed's block is not over", () => {
    it("credits the whole escrow and ends the job", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, requester } = suite;
      const [balance] = await market.accountOf(requester);
      const job = await TestJob.request(suite);
      await expect(market.connect(requester).cancel(job.packed))
        .to.emit(market, "JobSettled")
        .withArgs(job.jobId, JobState.Cancelled, ZeroHash, job.escrow, 0n, 0n, 0n, 0n);
      expect(await market.accountOf(requester)).to.deep.equal([balance, 0n]);
      expect(await job.state()).to.equal(JobState.Cancelled);
    });

    it("works in the seed's block itself, whose hash nobody has yet", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await TestJob.request(suite);
      const { seedBlock } = await job.record();
      await mine(1);
      const { blockNumber } = await suite.market.connect(suite.requester).cancel(job.packed);
      expect(blockNumber).to.equal(seedBlock);
    });

    context("when anyone else cancels", () => {
      it("reverts and names the requester", async () => {
        const suite = await loadFixture(servedByThree);
        const { market, thief, requester } = suite;
        const job = await TestJob.request(suite);
        await expect(market.connect(thief).cancel(job.packed))
          .to.be.revertedWithCustomError(market, "MarketNotRequester")
          .withArgs(thief, requester);
      });
    });
  });

  context("given a job whose seed's block is over", () => {
    it("reverts and names the last block [T047 T085]", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, requester } = suite;
      const job = await TestJob.request(suite);
      await mine(2);
      await expect(market.connect(requester).cancel(job.packed))
        .to.be.revertedWithCustomError(market, "MarketTooLateToCancel")
        .withArgs(job.jobId, job.fields.requestBlock + 2);
    });
  });

  context("given a job that is final", () => {
    it("reverts and names its state [T082 I07]", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, requester } = suite;
      const job = await TestJob.request(suite);
      await market.connect(requester).cancel(job.packed);
      await expect(market.connect(requester).cancel(job.packed))
        .to.be.revertedWithCustomError(market, "MarketWrongState")
        .withArgs(job.jobId, JobState.Cancelled);
    });
  });

  context("given fields that no job has", () => {
    it("reverts and names their hash [T083]", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, requester } = suite;
      const job = await TestJob.request(suite);
      const forged = { ...job.packed, royalty: ZeroHash };
      await expect(market.connect(requester).cancel(forged))
        .to.be.revertedWithCustomError(market, "MarketUnknownJob")
        .withArgs(jobId(await chainId(), await market.getAddress(), forged));
    });
  });
});
