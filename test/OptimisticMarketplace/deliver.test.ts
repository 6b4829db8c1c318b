import { expect } from "chai";
import { ZeroHash } from "ethers";

import { OptimisticState } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { errorRoot, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { CallbackRecorder__factory } from "../../typechain-types/index.ts";
import { CALLBACK_GAS, OUTPUT_ROOT, PAYLOAD, TIP } from "../support/callbacks.ts";
import { CLOCKS } from "../support/disputes.ts";
import { changesSince, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";
import { offering, TestOffer } from "../support/optimistic.ts";

async function recording() {
  const suite = await offering();
  return { ...suite, recorder: await new CallbackRecorder__factory(suite.stranger).deploy() };
}
type Recording = Awaited<ReturnType<typeof recording>>;

async function ordered(suite: Recording, provisional: boolean): Promise<TestOffer> {
  const callback = await suite.recorder.getAddress();
  return TestOffer.named(suite, { callback, callbackGas: CALLBACK_GAS, deliveryTip: TIP, provisional });
}

const deliver = (job: TestOffer, fault: PayloadError = PayloadError.None, payload: string | Uint8Array = PAYLOAD) =>
  job.deliver(fault, payload);

describe("OptimisticMarketplace.deliver", () => {
  const given = () => loadFixture(recording);

  context("given an answer that stands", () => {
    async function answered(provisional: boolean) {
      const suite = await given();
      const job = await ordered(suite, provisional);
      await job.answer(suite.first, OUTPUT_ROOT);
      await job.endWindow();
      await job.settle(OUTPUT_ROOT);
      return { ...suite, suite, job };
    }

    for (const provisional of [false, true]) {
      it(`hands it over as a result${provisional ? ", even if a provisional one would do" : ""}, and pays the tip`, async () => {
        const { suite, job, optimistic, recorder, stranger, version } = await answered(provisional);
        const before = await ledgerOf(suite, optimistic);
        const transaction = deliver(job);
        await expect(transaction)
          .to.emit(recorder, "Received")
          .withArgs(optimistic, job.jobId, version, PayloadError.None, PAYLOAD);
        await expect(transaction).to.emit(optimistic, "ResultDelivered").withArgs(job.jobId, recorder, stranger, TIP);
        expect(await changesSince(before, suite, optimistic)).to.deep.equal({ stranger: TIP });
      });
    }

    it("does so once", async () => {
      const { job, optimistic } = await answered(false);
      await deliver(job);
      await expect(deliver(job))
        .to.be.revertedWithCustomError(optimistic, "MarketNothingToDeliver")
        .withArgs(job.jobId);
    });

    it("can be tried again when the callback refuses, and costs nobody anything [T089 I38]", async () => {
      const { suite, job, optimistic, recorder, stranger, version } = await answered(false);
      await recorder.setRefuses(true);
      const before = await ledgerOf(suite, optimistic);
      await expect(deliver(job)).to.emit(optimistic, "DeliveryFailed").withArgs(job.jobId, recorder, stranger);
      expect(await changesSince(before, suite, optimistic)).to.deep.equal({});
      await recorder.setRefuses(false);
      await expect(deliver(job))
        .to.emit(recorder, "Received")
        .withArgs(optimistic, job.jobId, version, PayloadError.None, PAYLOAD);
    });

    it("reverts for another output or node and for bytes beside an error, and names both [T093]", async () => {
      const { job, optimistic, first, second } = await answered(false);
      await expect(deliver(job, PayloadError.InputMissing, "0x"))
        .to.be.revertedWithCustomError(optimistic, "MarketNotStated")
        .withArgs(job.jobId, first.node, errorRoot(PayloadError.InputMissing));
      await expect(deliver(job, PayloadError.InputMissing))
        .to.be.revertedWithCustomError(optimistic, "MarketNotStated")
        .withArgs(job.jobId, first.node, ZeroHash);
      await expect(job.deliver(PayloadError.None, PAYLOAD, second.node))
        .to.be.revertedWithCustomError(optimistic, "MarketNotStated")
        .withArgs(job.jobId, second.node, OUTPUT_ROOT);
    });
  });

  context("given an answer that can still be disputed", () => {
    it("hands it over as provisional where the order says so, with its time [T089]", async () => {
      const suite = await given();
      const { optimistic, recorder, version, first } = suite;
      const job = await ordered(suite, true);
      await job.answer(first, OUTPUT_ROOT);
      const until = await job.disputableUntil();
      await expect(deliver(job))
        .to.emit(recorder, "ReceivedProvisionally")
        .withArgs(optimistic, job.jobId, version, PayloadError.None, PAYLOAD, until);
      await job.endWindow();
      const before = await ledgerOf(suite, optimistic);
      await job.settle(OUTPUT_ROOT);
      // The tip was paid out of the escrow, and is not paid again.
      expect((await changesSince(before, suite, optimistic)).requester).to.equal(undefined);
      await expect(deliver(job))
        .to.be.revertedWithCustomError(optimistic, "MarketNothingToDeliver")
        .withArgs(job.jobId);
    });

    it("reverts where the order does not", async () => {
      const suite = await given();
      const job = await ordered(suite, false);
      await job.answer(suite.first, OUTPUT_ROOT);
      await expect(deliver(job))
        .to.be.revertedWithCustomError(suite.optimistic, "MarketWrongPhase")
        .withArgs(job.jobId, OptimisticState.Stated);
    });
  });

  context("given an answer that was found false", () => {
    it("hands it to nobody, before it is settled and after", async () => {
      const suite = await given();
      const { optimistic, optimisticPolicy, first, second, recorder, version } = suite;
      const job = await ordered(suite, true);
      await job.answer(first, OUTPUT_ROOT);
      await job.withhold(first, OUTPUT_ROOT);
      await expect(deliver(job))
        .to.be.revertedWithCustomError(optimisticPolicy, "MarketAnswerFalse")
        .withArgs(job.jobId);
      await time.increase(CLOCKS.floor);
      await job.settle(OUTPUT_ROOT);
      await expect(deliver(job))
        .to.be.revertedWithCustomError(optimistic, "MarketWrongPhase")
        .withArgs(job.jobId, OptimisticState.Open);
      await job.reserve(second);
      await job.answer(second, OUTPUT_ROOT);
      await job.endWindow();
      await job.settle(OUTPUT_ROOT);
      const before = await ledgerOf(suite, optimistic);
      await expect(deliver(job))
        .to.emit(recorder, "Received")
        .withArgs(optimistic, job.jobId, version, PayloadError.None, PAYLOAD);
      expect(await changesSince(before, suite, optimistic)).to.deep.equal({}); // the tip went back with the refund
    });
  });
});
