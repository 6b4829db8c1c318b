import { drawSeed, isDrawn } from "../../packages/sdk/src/codecs/draw.ts";
import { JobState, unpackJob, unpackRecord } from "../../packages/sdk/src/codecs/job.ts";
import type { Operator } from "./actors.ts";
import type { TestJob } from "./jobs.ts";
import { ethers } from "./network.ts";

/** Says of nodes whether they may sit in a step of a job's first draw, by what the contracts have on record of them. */
export async function drawOf(job: TestJob, step = 0): Promise<(operator: Operator) => Promise<boolean>> {
  const { market, version } = job.suite;
  const { requestedAt, quorum, rules } = unpackJob(job.packed);
  const [record] = await market.jobOf(job.jobId);
  const block = await ethers.provider.getBlock(unpackRecord(record).seedBlock);
  if (!block?.hash) throw new Error("The seed's block is not mined");
  const seed = drawSeed(block.hash, job.jobId, JobState.Open);

  return async ({ node }) => {
    const { weight, total } = await market.weightsAt(node, version, BigInt(requestedAt) - rules.activationPeriod);
    return isDrawn({ seed, node, weight, totalWeight: total, quorum, seatFactorBps: rules.seatFactorBps, step });
  };
}
