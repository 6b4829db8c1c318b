import { expect } from "chai";
import { id } from "ethers";

import { OptimisticState } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { CALLBACK_GAS, OUTPUT_ROOT, PAYLOAD, TIP } from "../support/callbacks.ts";
import { loadFixture, time } from "../support/network.ts";
import { offering, TestOffer } from "../support/optimistic.ts";
import { CallbackRecorder__factory } from "../../typechain-types/index.ts";

/** A market with nodes, and what the lens says of a job in it. */
async function given() {
  const suite = await loadFixture(offering);
  const statusOf = async (jobId: string) => {
    const status = await suite.lens.statusOf(jobId);
    const { isFinal, hasResult, delivered, isSecondAttempt } = status;
    const [state, since] = [Number(status.state), Number(status.since)];
    return { state, isFinal, hasResult, delivered, isSecondAttempt, since };
  };
  return { ...suite, suite, statusOf };
}

const NOTHING = { isFinal: false, hasResult: false, delivered: false, isSecondAttempt: false };

describe("OptimisticLens.statusOf", () => {
  it("says that there is no such job", async () => {
    const { statusOf } = await given();
    expect(await statusOf(id("job"))).to.deep.equal({ ...NOTHING, state: OptimisticState.None, since: 0 });
  });

  it("follows a job from its order to its answer, its end, and the callback that takes it", async () => {
    const { suite, statusOf, deployer, first } = await given();
    const callback = await (await new CallbackRecorder__factory(deployer).deploy()).getAddress();
    const job = await TestOffer.named(suite, { callback, callbackGas: CALLBACK_GAS, deliveryTip: TIP });
    const since = await time.latest();
    expect(await statusOf(job.jobId)).to.deep.equal({ ...NOTHING, state: OptimisticState.Named, since });
    await job.answer(first, OUTPUT_ROOT);
    const disputableUntil = await job.disputableUntil();
    expect(await statusOf(job.jobId)).to.deep.equal({
      ...NOTHING,
      state: OptimisticState.Stated,
      since: disputableUntil,
    });
    await job.endWindow();
    await job.settle(OUTPUT_ROOT);
    const settled = {
      ...NOTHING,
      state: OptimisticState.Answered,
      isFinal: true,
      hasResult: true,
      since: await time.latest(),
    };
    expect(await statusOf(job.jobId)).to.deep.equal(settled);
    await job.deliver(PayloadError.None, PAYLOAD);
    expect(await statusOf(job.jobId)).to.deep.equal({ ...settled, delivered: true });
  });

  it("knows that a second node may answer, and an end without a result", async () => {
    const { suite, statusOf, first } = await given();
    const job = await TestOffer.open(suite);
    await job.reserve(first);
    await job.missDeadline();
    await job.expire();
    const reopened = { ...NOTHING, state: OptimisticState.Open, isSecondAttempt: true, since: await time.latest() };
    expect(await statusOf(job.jobId)).to.deep.equal(reopened);
    await job.missDeadline();
    await job.expire();
    expect(await statusOf(job.jobId)).to.deep.equal({
      ...reopened,
      state: OptimisticState.Unanswered,
      isFinal: true,
      since: await time.latest(),
    });
  });
});
