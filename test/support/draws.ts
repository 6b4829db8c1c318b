import { drawSeed, isDrawn } from "../../packages/sdk/src/codecs/draw.ts";
import { JobState, unpackJob, unpackRecord } from "../../packages/sdk/src/codecs/job.ts";
import type { Operator } from "./actors.ts";
import type { TestJob } from "./jobs.ts";
import { ethers } from "./network.ts";

/** Who of those with a weight may sit in a step of a job's first draw, if all weights together are `totalWeight`. */
export async function drawnFor(
  job: TestJob,
  weights: ReadonlyMap<Operator, bigint>,
  totalWeight: bigint,
  step = 0,
): Promise<Operator[]> {
  const { quorum, rules } = unpackJob(job.packed);
  const [record] = await job.suite.market.jobOf(job.jobId);
  const block = await ethers.provider.getBlock(unpackRecord(record).seedBlock);
  if (!block?.hash) throw new Error("The seed's block is not mined");
  const seed = drawSeed(block.hash, job.jobId, JobState.Open);

  const { seatFactorBps } = rules;
  const draws = [...weights].filter(([{ node }, weight]) =>
    isDrawn({ seed, node, weight, totalWeight, quorum, seatFactorBps, step }),
  );
  return draws.map(([operator]) => operator);
}
