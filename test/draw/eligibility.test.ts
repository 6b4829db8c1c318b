import { expect } from "chai";

import { unpackRecord } from "../../packages/sdk/src/codecs/job.ts";
import { RIGHT, SEAL_PERIOD, TestJob } from "../support/jobs.ts";
import { drawOf } from "../support/draws.ts";
import { LOCK_PERIOD, MAX_LOCK, OWN_STAKE, served } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";

const JOBS = 5;
const STEPS = 3;

/** Ten nodes that serve with a tenth of their stake, two tenths, and so on. */
async function servedUnequally() {
  const suite = await served(10);
  const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
  for (const [i, { node, signer }] of suite.nodes.entries()) {
    const weight = (OWN_STAKE * BigInt(i + 1)) / 10n;
    await suite.market.connect(signer).serve(node, suite.version, weight, MAX_LOCK, endsAt);
  }
  await time.increase(60);
  return suite;
}

describe("The draw of InferenceMarketplace.commit", () => {
  context("given nodes that serve with different weights", () => {
    it("takes a seal from exactly those whom seed and stake name", async () => {
      const suite = await loadFixture(servedUnequally);
      const { market, nodes } = suite;
      let seated = 0;
      for (let i = 0; i < JOBS; i += 1) {
        const job = await (await TestJob.request(suite)).open();
        const [record] = await market.jobOf(job.jobId);
        const { startedAt } = unpackRecord(record);
        for (let step = 0; step < STEPS; step += 1) {
          await time.increaseTo(startedAt + (step + 1) * SEAL_PERIOD - 1); // the last second of the step
          const isDrawn = await drawOf(job, step);
          for (const operator of nodes) {
            const commitment = await job.seal(operator, RIGHT);
            const commit = market.connect(operator.signer).commit.staticCall(job.packed, operator.node, commitment);
            if (await isDrawn(operator)) {
              await commit;
              seated += 1;
            } else {
              await expect(commit)
                .to.be.revertedWithCustomError(market, "MarketNotDrawn")
                .withArgs(job.jobId, operator.node, step);
            }
          }
        }
      }
      // Both happened, so neither was true of everybody.
      expect(seated).to.be.within(1, JOBS * STEPS * nodes.length - 1);
    });
  });
});
