import { expect } from "chai";

import { PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { CALLBACK_GAS, PAYLOAD, settledFor, TIP, withCallbacks } from "../support/callbacks.ts";
import { all, TestJob } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";

const TIP_PERIOD = 30 * 86_400;

/** A result that nobody has delivered, and when its tip goes back. */
async function settled() {
  const suite = await loadFixture(withCallbacks);
  const job = await settledFor(suite, await suite.recorder.getAddress());
  const reclaimableAt = (await job.record()).startedAt + TIP_PERIOD;
  const reclaim = () => suite.market.connect(suite.stranger).reclaimTip(job.packed);
  return { ...suite, suite, job, reclaimableAt, reclaim };
}

describe("InferenceMarketplace.reclaimTip", () => {
  context("given a result that nobody delivered for 30 days", () => {
    it("credits the requester, at anyone's call, and marks the job", async () => {
      const { market, requester, job, reclaimableAt, reclaim } = await settled();
      const [balance] = await market.accountOf(requester);
      await time.setNextBlockTimestamp(reclaimableAt);
      await expect(reclaim()).to.emit(market, "TipReclaimed").withArgs(job.jobId, requester, TIP);
      expect((await market.accountOf(requester)).balance).to.equal(balance + TIP);
      expect((await job.record()).tipReclaimed).to.equal(true);
    });

    it("credits it once", async () => {
      const { market, job, reclaimableAt, reclaim } = await settled();
      await time.increaseTo(reclaimableAt);
      await reclaim();
      await expect(reclaim())
        .to.be.revertedWithCustomError(market, "MarketNoTipToReclaim")
        .withArgs(job.jobId, reclaimableAt);
    });
  });

  context("when a second of them is left", () => {
    it("reverts and names the time", async () => {
      const { market, job, reclaimableAt, reclaim } = await settled();
      await time.setNextBlockTimestamp(reclaimableAt - 1);
      await expect(reclaim())
        .to.be.revertedWithCustomError(market, "MarketNoTipToReclaim")
        .withArgs(job.jobId, reclaimableAt);
    });
  });

  context("given a result that was delivered", () => {
    it("reverts, because who delivered has the tip", async () => {
      const { market, stranger, job, reclaimableAt, reclaim } = await settled();
      await market.connect(stranger).deliver(job.packed, PayloadError.None, PAYLOAD);
      await time.increaseTo(reclaimableAt);
      await expect(reclaim())
        .to.be.revertedWithCustomError(market, "MarketNoTipToReclaim")
        .withArgs(job.jobId, reclaimableAt);
    });
  });

  context("given a job without a tip", () => {
    it("reverts", async () => {
      const suite = await loadFixture(withCallbacks);
      const { market, recorder, stranger } = suite;
      const callback = await recorder.getAddress();
      const job = await (await TestJob.request(suite, { callback, callbackGas: CALLBACK_GAS })).open();
      const seats = suite.nodes.slice(0, 2);
      await job.answer(all(seats));
      await job.settle(seats);
      const reclaimableAt = (await job.record()).startedAt + TIP_PERIOD;
      await time.increaseTo(reclaimableAt);
      await expect(market.connect(stranger).reclaimTip(job.packed))
        .to.be.revertedWithCustomError(market, "MarketNoTipToReclaim")
        .withArgs(job.jobId, reclaimableAt);
    });
  });

  context("given a job without a result", () => {
    it("reverts, because its tip was refunded with the rest", async () => {
      const suite = await loadFixture(withCallbacks);
      const { market, recorder, requester, stranger } = suite;
      const callback = await recorder.getAddress();
      const job = await TestJob.request(suite, { callback, callbackGas: CALLBACK_GAS, deliveryTip: TIP });
      await market.connect(requester).cancel(job.packed);
      const reclaimableAt = (await job.record()).startedAt + TIP_PERIOD;
      await time.increaseTo(reclaimableAt);
      await expect(market.connect(stranger).reclaimTip(job.packed))
        .to.be.revertedWithCustomError(market, "MarketNoTipToReclaim")
        .withArgs(job.jobId, reclaimableAt);
    });
  });
});
