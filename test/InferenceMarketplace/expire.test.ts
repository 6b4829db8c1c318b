import { expect } from "chai";
import { ZeroHash } from "ethers";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { servedByThree } from "../support/fixtures.ts";
import { all, TestJob } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";

describe("InferenceMarketplace.expire", () => {
  context("given a job that nobody took, or whose seed was missed", () => {
    it("refunds it at anyone's call [I10]", async () => {
      const suite = await loadFixture(servedByThree);
      const { market, requester } = suite;
      const [balance] = await market.accountOf(requester);
      const job = await TestJob.request(suite);
      await time.increase(20);
      await expect(job.expire())
        .to.emit(market, "JobSettled")
        .withArgs(job.jobId, JobState.Unanswered, ZeroHash, job.escrow, 0n, 0n, 0n, 0n);
      expect(await market.accountOf(requester)).to.deep.equal([balance, 0n]);
    });

    it("refunds it once [T082 I07]", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await TestJob.request(suite);
      await time.increase(20);
      await job.expire();
      await expect(job.expire())
        .to.be.revertedWithCustomError(suite.market, "MarketWrongState")
        .withArgs(job.jobId, JobState.Unanswered);
    });
  });

  context("given a job that too few took", () => {
    it("wants those few, no more and no less", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await (await TestJob.request(suite)).open();
      const seats = suite.nodes.slice(0, 1);
      for (const node of seats) await job.commit(node);
      await time.increase(60);
      await expect(job.expire())
        .to.be.revertedWithCustomError(suite.policy, "PolicyWrongSeats")
        .withArgs(job.jobId, 0, 1);
      await job.expire(seats);
      expect(await job.state()).to.equal(JobState.Unanswered);
    });
  });

  context("given a job that was answered", () => {
    it("reverts and names how it ends", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await (await TestJob.request(suite)).open();
      const seats = suite.nodes.slice(0, 2);
      await job.answer(all(seats));
      await expect(job.expire(seats))
        .to.be.revertedWithCustomError(suite.market, "MarketNotDue")
        .withArgs(job.jobId, JobState.Open, JobState.Agreed);
    });
  });

  context("given a job that still runs", () => {
    it("reverts and says that nothing is due", async () => {
      const suite = await loadFixture(servedByThree);
      const job = await (await TestJob.request(suite)).open();
      await expect(job.expire())
        .to.be.revertedWithCustomError(suite.policy, "PolicyNotFinal")
        .withArgs(job.jobId, JobState.Open, JobState.Open);
    });
  });
});
