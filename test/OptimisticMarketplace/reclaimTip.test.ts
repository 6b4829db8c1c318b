import { expect } from "chai";

import { CallbackRecorder__factory } from "../../typechain-types/index.ts";
import { CALLBACK_GAS, OUTPUT_ROOT, TIP } from "../support/callbacks.ts";
import { changesSince, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";
import { offering, TestOffer } from "../support/optimistic.ts";

const TIP_PERIOD = 30 * 86_400;

describe("OptimisticMarketplace.reclaimTip", () => {
  async function tipped() {
    const suite = await offering();
    const callback = await (await new CallbackRecorder__factory(suite.stranger).deploy()).getAddress();
    const job = await TestOffer.named(suite, { callback, callbackGas: CALLBACK_GAS, deliveryTip: TIP });
    await job.answer(suite.first, OUTPUT_ROOT);
    await job.endWindow();
    await job.settle(OUTPUT_ROOT);
    return { suite, job, reclaimableAt: (await time.latest()) + TIP_PERIOD };
  }
  const reclaim = (job: TestOffer) => job.suite.optimistic.connect(job.suite.stranger).reclaimTip(job.packed);

  context("given a result that nobody delivered for 30 days", () => {
    it("gives the requester its tip back, once", async () => {
      const { suite, job, reclaimableAt } = await loadFixture(tipped);
      const { optimistic, requester } = suite;
      const before = await ledgerOf(suite, optimistic);
      await time.setNextBlockTimestamp(reclaimableAt);
      await expect(reclaim(job)).to.emit(optimistic, "TipReclaimed").withArgs(job.jobId, requester, TIP);
      expect(await changesSince(before, suite, optimistic)).to.deep.equal({ requester: TIP });
      await expect(reclaim(job))
        .to.be.revertedWithCustomError(optimistic, "MarketNoTipToReclaim")
        .withArgs(job.jobId, reclaimableAt);
    });
  });

  context("given a result of the last 30 days", () => {
    it("reverts and names when it can", async () => {
      const { suite, job, reclaimableAt } = await loadFixture(tipped);
      await time.setNextBlockTimestamp(reclaimableAt - 1);
      await expect(reclaim(job))
        .to.be.revertedWithCustomError(suite.optimistic, "MarketNoTipToReclaim")
        .withArgs(job.jobId, reclaimableAt);
    });
  });
});
