import { expect } from "chai";

import { PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { PAYLOAD, settledFor, withCallbacks } from "../support/callbacks.ts";
import { loadFixture } from "../support/network.ts";

/** A callback that shows who calls it, and about which job: what a dApp has to look at. */
async function settled() {
  const suite = await loadFixture(withCallbacks);
  const own = await settledFor(suite, await suite.recorder.getAddress());
  return { ...suite, suite, own };
}

describe("Somebody who wants a dApp to take what is not its result", () => {
  context("when it calls the dApp itself", () => {
    it("is seen by the dApp, whatever job it names [T092]", async () => {
      const { recorder, stranger, version, own } = await settled();
      await expect(recorder.connect(stranger).onInference(own.jobId, version, PayloadError.None, PAYLOAD))
        .to.emit(recorder, "Received")
        .withArgs(stranger, own.jobId, version, PayloadError.None, PAYLOAD);
      expect((await own.record()).delivered).to.equal(false);
    });
  });

  context("when it orders a job that names the dApp", () => {
    it("has another job delivered than those for which the dApp waits [T092]", async () => {
      const { suite, market, recorder, stranger, version, own } = await settled();
      const foreign = await settledFor(suite, await recorder.getAddress());
      expect(foreign.jobId).not.to.equal(own.jobId);
      await expect(market.connect(stranger).deliver(foreign.packed, PayloadError.None, PAYLOAD))
        .to.emit(recorder, "Received")
        .withArgs(market, foreign.jobId, version, PayloadError.None, PAYLOAD);
      expect((await own.record()).delivered).to.equal(false);
    });
  });

  context("when it delivers a result twice", () => {
    it("reverts, and the dApp hears of it once [T092]", async () => {
      const { market, recorder, stranger, own } = await settled();
      const deliver = market.connect(stranger).deliver;
      await deliver(own.packed, PayloadError.None, PAYLOAD);
      await expect(deliver(own.packed, PayloadError.None, PAYLOAD))
        .to.be.revertedWithCustomError(market, "MarketNothingToDeliver")
        .withArgs(own.jobId);
      expect(await recorder.queryFilter(recorder.filters.Received())).to.have.lengthOf(1);
    });
  });
});
