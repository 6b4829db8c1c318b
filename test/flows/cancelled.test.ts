import { expect } from "chai";
import { ZeroHash } from "ethers";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { servedByThree } from "../support/fixtures.ts";
import { TestJob } from "../support/jobs.ts";
import { changesSince, ledgerOf } from "../support/ledger.ts";
import { loadFixture, mine } from "../support/network.ts";

describe("A job that its requester cancels", () => {
  it("gives everything back, and nobody can sit in it later [T085]", async () => {
    const suite = await loadFixture(servedByThree);
    const before = await ledgerOf(suite);
    const job = await TestJob.request(suite, { auditBps: 500 });
    expect(await changesSince(before, suite)).to.deep.equal({ requester: -job.escrow });

    await expect(suite.market.connect(suite.requester).cancel(job.packed))
      .to.emit(suite.market, "JobSettled")
      .withArgs(job.jobId, JobState.Cancelled, ZeroHash, job.escrow, 0n, 0n, 0n, 0n);
    expect(await changesSince(before, suite)).to.deep.equal({});

    await job.open();
    for (const node of suite.nodes) {
      await expect(job.commit(node))
        .to.be.revertedWithCustomError(suite.market, "MarketWrongState")
        .withArgs(job.jobId, JobState.Cancelled);
    }
  });

  it("runs on when its seed can be known, so that nobody draws twice [T047]", async () => {
    const suite = await loadFixture(servedByThree);
    const job = await TestJob.request(suite);
    const { seedBlock } = await job.record();
    await mine(2);
    await expect(suite.market.connect(suite.requester).cancel(job.packed))
      .to.be.revertedWithCustomError(suite.market, "MarketTooLateToCancel")
      .withArgs(job.jobId, seedBlock);
    expect(await job.state()).to.equal(JobState.Open);
  });
});
