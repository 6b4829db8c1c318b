import { expect } from "chai";
import { id } from "ethers";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { PAYLOAD, settledFor, withCallbacks } from "../support/callbacks.ts";
import { TestJob } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";

/** A market with callbacks, and what the lens says of a job in it. */
async function given() {
  const suite = await loadFixture(withCallbacks);
  const statusOf = async (jobId: string) => {
    const { state, isFinal, hasResult, delivered, since } = await suite.inferenceLens.statusOf(jobId);
    return { state: Number(state), isFinal, hasResult, delivered, since: Number(since) };
  };
  return { ...suite, suite, statusOf };
}

const NOTHING = { isFinal: false, hasResult: false, delivered: false };

describe("InferenceLens.statusOf", () => {
  it("says that there is no such job", async () => {
    const { statusOf } = await given();
    expect(await statusOf(id("job"))).to.deep.equal({ ...NOTHING, state: JobState.None, since: 0 });
  });

  it("follows a job from its order to its end without a result", async () => {
    const { suite, statusOf, market, requester } = await given();
    const job = await TestJob.request(suite);
    const { startedAt: since } = await job.record();
    expect(await statusOf(job.jobId)).to.deep.equal({ ...NOTHING, state: JobState.Open, since });
    await market.connect(requester).cancel(job.packed);
    expect(await statusOf(job.jobId)).to.deep.equal({
      ...NOTHING,
      state: JobState.Cancelled,
      isFinal: true,
      since: await time.latest(),
    });
  });

  it("says when there is a result, and when the callback has taken it", async () => {
    const { suite, statusOf, market, stranger, recorder } = await given();
    const job = await settledFor(suite, await recorder.getAddress());
    const settled = { state: JobState.Agreed, isFinal: true, hasResult: true, since: await time.latest() };
    expect(await statusOf(job.jobId)).to.deep.equal({ ...settled, delivered: false });
    await market.connect(stranger).deliver(job.packed, PayloadError.None, PAYLOAD);
    expect(await statusOf(job.jobId)).to.deep.equal({ ...settled, delivered: true });
  });
});
