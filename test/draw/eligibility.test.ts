import { expect } from "chai";
import { parseEther } from "ethers";

import { unpackRecord } from "../../packages/sdk/src/codecs/job.ts";
import type { Operator } from "../support/actors.ts";
import { drawnFor } from "../support/draws.ts";
import { LOCK_PERIOD, MAX_LOCK, OWN_STAKE, served } from "../support/fixtures.ts";
import { RIGHT, SEAL_PERIOD, TestJob } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";

const JOBS = 5;
const STEPS = 3;
const SMALL_LOCK = parseEther("100");
/** What the heaviest node still has bonded when jobs are ordered. */
const STAKE_LEFT = parseEther("300");

/** Ten nodes that serve with a tenth of their stake, two tenths, and so on; the stake of the last one has left since. */
async function servedUnequally() {
  const suite = await served(10);
  const { staking, market, nodes, version } = suite;
  const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
  const weights = new Map<Operator, bigint>();
  let total = 0n;
  for (const [i, operator] of nodes.entries()) {
    const weight = (OWN_STAKE * BigInt(i + 1)) / 10n;
    const isLast = i === nodes.length - 1;
    const maxLock = isLast ? SMALL_LOCK : MAX_LOCK;
    await market.connect(operator.signer).serve(operator.node, version, weight, maxLock, endsAt);
    if (isLast) await staking.connect(operator.owner).thaw(operator.node, OWN_STAKE - STAKE_LEFT);
    weights.set(operator, isLast ? STAKE_LEFT : weight);
    total += weight;
  }
  await time.increase(60);
  return { ...suite, weights, total };
}

describe("The draw of InferenceMarketplace.commit", () => {
  context("given nodes that serve with different weights, one of them with less stake than weight", () => {
    it("takes a seal from exactly those whom seed and stake name", async () => {
      const suite = await loadFixture(servedUnequally);
      const { market, nodes, weights, total } = suite;
      let seated = 0;
      for (let i = 0; i < JOBS; i += 1) {
        const job = await (await TestJob.request(suite)).open();
        const [record] = await market.jobOf(job.jobId);
        const { startedAt } = unpackRecord(record);
        for (let step = 0; step < STEPS; step += 1) {
          await time.increaseTo(startedAt + (step + 1) * SEAL_PERIOD - 1); // the last second of the step
          const drawn = await drawnFor(job, weights, total, step);
          seated += drawn.length;
          for (const operator of nodes) {
            const commitment = await job.seal(operator, RIGHT);
            const commit = market.connect(operator.signer).commit.staticCall(job.packed, operator.node, commitment);
            if (drawn.includes(operator)) await commit;
            else
              await expect(commit)
                .to.be.revertedWithCustomError(market, "MarketNotDrawn")
                .withArgs(job.jobId, operator.node, step);
          }
        }
      }
      // Both happened, so neither was true of everybody.
      expect(seated).to.be.within(1, JOBS * STEPS * nodes.length - 1);
    });
  });
});
