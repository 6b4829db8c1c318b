import { expect } from "chai";
import { ZeroHash } from "ethers";

import { JobState, resultOf } from "../../packages/sdk/src/codecs/job.ts";
import { encodePayload, errorRoot, PayloadError, payloadRoot } from "../../packages/sdk/src/codecs/payload.ts";
import { CALLBACK_GAS, OUTPUT, OUTPUT_ROOT, PAYLOAD, settledFor, TIP, withCallbacks } from "../support/callbacks.ts";
import { all, each, OTHER, TestJob, WRONG } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";

/** A result that waits for a callback that takes it. */
async function settled() {
  const suite = await loadFixture(withCallbacks);
  const job = await settledFor(suite, await suite.recorder.getAddress());
  const deliver = suite.market.connect(suite.stranger).deliver;
  return { ...suite, suite, job, deliver };
}

describe("InferenceMarketplace.deliver", () => {
  context("given a result and a callback that takes it", () => {
    it("hands over what the nodes agreed on and credits the tip", async () => {
      const { market, recorder, stranger, version, job, deliver } = await settled();
      await expect(deliver(job.packed, PayloadError.None, PAYLOAD))
        .to.emit(recorder, "Received")
        .withArgs(market, job.jobId, version, PayloadError.None, PAYLOAD)
        .and.to.emit(market, "ResultDelivered")
        .withArgs(job.jobId, recorder, stranger, TIP);
      expect(await market.accountOf(stranger)).to.deep.equal([TIP, 0n]);
      expect((await job.record()).delivered).to.equal(true);
    });

    context("when it was delivered before", () => {
      it("reverts and names the job", async () => {
        const { market, job, deliver } = await settled();
        await deliver(job.packed, PayloadError.None, PAYLOAD);
        await expect(deliver(job.packed, PayloadError.None, PAYLOAD))
          .to.be.revertedWithCustomError(market, "MarketNothingToDeliver")
          .withArgs(job.jobId);
      });
    });

    context("when the output is another", () => {
      it("reverts and names both roots [T093]", async () => {
        const { market, job, deliver } = await settled();
        const other = [{ dtype: 2, shape: [1], data: new Uint8Array([7]) }];
        await expect(deliver(job.packed, PayloadError.None, encodePayload(other)))
          .to.be.revertedWithCustomError(market, "MarketWrongOutput")
          .withArgs(job.jobId, payloadRoot(other), resultOf(OUTPUT_ROOT));
        await expect(deliver(job.packed, PayloadError.InputMissing, "0x"))
          .to.be.revertedWithCustomError(market, "MarketWrongOutput")
          .withArgs(job.jobId, errorRoot(PayloadError.InputMissing), resultOf(OUTPUT_ROOT));
      });

      it("reverts and names the tensor whose bytes do not fit its shape [T058]", async () => {
        const { commitments, job, deliver } = await settled();
        const [tensor] = OUTPUT;
        const cut = encodePayload([{ dtype: 1, shape: [2], data: tensor?.data.slice(0, 7) ?? new Uint8Array() }]);
        await expect(deliver(job.packed, PayloadError.None, cut))
          .to.be.revertedWithCustomError(commitments, "PayloadWrongLength")
          .withArgs(0, 7, 8);
      });
    });

    context("when it is larger than what travels on chain", () => {
      it("reverts and names the bytes", async () => {
        const { market, job, deliver } = await settled();
        await expect(deliver(job.packed, PayloadError.None, new Uint8Array(2_049)))
          .to.be.revertedWithCustomError(market, "MarketOutputTooLarge")
          .withArgs(job.jobId, 2_049, 2_048);
      });
    });
  });

  context("given an agreed error", () => {
    it("takes no bytes beside it, which nobody would have checked [T093]", async () => {
      const suite = await loadFixture(withCallbacks);
      const { market, recorder, stranger, nodes } = suite;
      const callback = await recorder.getAddress();
      const job = await (await TestJob.request(suite, { callback, callbackGas: CALLBACK_GAS })).open();
      const seats = nodes.slice(0, 2);
      const root = errorRoot(PayloadError.RefusedByModel);
      await job.answer(all(seats, root));
      await job.settle(seats);
      await expect(market.connect(stranger).deliver(job.packed, PayloadError.RefusedByModel, PAYLOAD))
        .to.be.revertedWithCustomError(market, "MarketWrongOutput")
        .withArgs(job.jobId, ZeroHash, resultOf(root));
      await expect(market.connect(stranger).deliver(job.packed, PayloadError.RefusedByModel, "0x"))
        .to.emit(market, "ResultDelivered")
        .withArgs(job.jobId, recorder, stranger, 0n);
    });
  });

  context("given a job without a callback", () => {
    it("reverts and names the job", async () => {
      const suite = await loadFixture(withCallbacks);
      const job = await (await TestJob.request(suite)).open();
      const seats = suite.nodes.slice(0, 2);
      await job.answer(all(seats, OUTPUT_ROOT));
      await job.settle(seats);
      await expect(suite.market.connect(suite.stranger).deliver(job.packed, PayloadError.None, PAYLOAD))
        .to.be.revertedWithCustomError(suite.market, "MarketNothingToDeliver")
        .withArgs(job.jobId);
    });
  });

  context("given a job without a result", () => {
    async function requested() {
      const suite = await loadFixture(withCallbacks);
      const callback = await suite.recorder.getAddress();
      const job = await TestJob.request(suite, { callback, callbackGas: CALLBACK_GAS, deliveryTip: TIP });
      const refuses = async (state: JobState) => {
        await expect(suite.market.connect(suite.stranger).deliver(job.packed, PayloadError.None, PAYLOAD))
          .to.be.revertedWithCustomError(suite.market, "MarketWrongState")
          .withArgs(job.jobId, state);
      };
      return { suite, job, refuses };
    }

    it("reverts while it runs and after it was cancelled [T084]", async () => {
      const { suite, job, refuses } = await requested();
      await refuses(JobState.Open);
      await suite.market.connect(suite.requester).cancel(job.packed);
      await refuses(JobState.Cancelled);
    });

    it("reverts when nobody answered or nobody revealed [T084]", async () => {
      const { job, refuses } = await requested();
      await time.increase(60);
      await job.expire();
      await refuses(JobState.Unanswered);
    });

    it("reverts when nothing was decided, even if some revealed this output [T084]", async () => {
      const { suite, job, refuses } = await requested();
      await job.open();
      await job.answer(each(suite.nodes, [OUTPUT_ROOT, WRONG, OTHER]));
      await job.beginNext(suite.nodes);
      await time.increase(60);
      await job.settle(suite.nodes);
      await refuses(JobState.Undecided);
    });
  });

  context("given any gas that the sender brings", () => {
    it("delivers or reverts, and never lets the callback fail for want of it [T089]", async () => {
      const { market, job, deliver } = await settled();
      const needed = (BigInt(CALLBACK_GAS) * 64n) / 63n + 60_000n;
      await expect(deliver(job.packed, PayloadError.None, PAYLOAD, { gasLimit: 350_000 }))
        .to.be.revertedWithCustomError(market, "CallbackGasTooLow")
        .withArgs((given: bigint) => given < needed, needed);

      const outcomes = new Set<string>();
      for (let gasLimit = 300_000; gasLimit < 600_000; gasLimit += 10_000) {
        const call = deliver.staticCall(job.packed, PayloadError.None, PAYLOAD, { gasLimit });
        outcomes.add(await call.then(String, () => "reverted"));
      }
      expect([...outcomes]).to.deep.equal(["reverted", "true"]);
    });
  });
});
