import { expect } from "chai";
import { ZeroHash } from "ethers";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { servedByThree } from "../support/fixtures.ts";
import { TestJob } from "../support/jobs.ts";
import { changesSince, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";

/** A job for two, and the end of its last sealing step. */
async function requested() {
  const suite = await loadFixture(servedByThree);
  const before = await ledgerOf(suite);
  const job = await (await TestJob.request(suite)).open();
  await job.advance();
  const { startedAt } = await job.record();
  const { sealPeriod, rules } = job.fields;
  const end = startedAt + (1 + Number(rules.widenSteps)) * sealPeriod;
  return { suite, before, job, end };
}

describe("A job that too few nodes take", () => {
  context("when nobody has sealed at the end of the last step", () => {
    it("gives the requester everything back, at a stranger's call [T053 I10]", async () => {
      const { suite, before, job, end } = await requested();
      await time.setNextBlockTimestamp(end - 1);
      await expect(job.expire())
        .to.be.revertedWithCustomError(suite.policy, "PolicyNotFinal")
        .withArgs(job.jobId, JobState.Open, JobState.Open);

      await time.setNextBlockTimestamp(end);
      await expect(job.expire())
        .to.emit(suite.market, "JobSettled")
        .withArgs(job.jobId, JobState.Unanswered, ZeroHash, job.escrow, 0n, 0n, 0n, 0n);
      expect(await changesSince(before, suite)).to.deep.equal({});
      expect(await job.state()).to.equal(JobState.Unanswered);
    });
  });

  context("when one of two has sealed", () => {
    it("gives its lock back, too, revealed or not", async () => {
      const { suite, before, job, end } = await requested();
      const seats = suite.nodes.slice(0, 1);
      for (const node of seats) await job.commit(node);
      await time.setNextBlockTimestamp(end);
      for (const node of seats) await job.reveal(node);

      await expect(job.expire(seats))
        .to.emit(suite.market, "JobSettled")
        .withArgs(job.jobId, JobState.Unanswered, ZeroHash, job.escrow, 0n, 0n, 0n, 0n);
      expect(await changesSince(before, suite)).to.deep.equal({});
    });
  });
});
