import { JobState, drawSeed, isDrawn, type JobRecord } from "@opg-protocol/sdk";

import type { Chain, Head, KnownJob } from "../chain/Chain.ts";
import type { DrawClock } from "./clock.ts";

/** Finds out when a node may sit: nothing of it depends on what other nodes do. */
export class Seats {
  private readonly firstSteps = new Map<string, number>();

  constructor(
    private readonly chain: Chain,
    private readonly node: string,
  ) {}

  /**
   * The first step of the running draw in which the node may sit; Infinity if there is none, undefined while the seed
   * cannot be known.
   */
  async firstStep(
    job: KnownJob,
    record: JobRecord,
    satWeight: bigint,
    clock: DrawClock,
    head: Head,
  ): Promise<number | undefined> {
    const key = `${job.jobId}/${clock.attempt}/${record.seedBlock}`;
    const known = this.firstSteps.get(key);
    if (known !== undefined) return known;
    const seed = record.seed === 0n ? await this.comingSeed(job, record, head) : record.seed;
    if (seed === undefined) return undefined;

    const { rules, requestedAt, versionId } = job.job;
    const { weight, total } = await this.chain.weights(versionId, requestedAt - Number(rules.activationPeriod));
    const lot = {
      seed,
      node: this.node,
      weight,
      totalWeight: total - satWeight,
      quorum: clock.quorum,
      seatFactorBps: rules.seatFactorBps,
    };
    const steps = Array.from({ length: clock.widenSteps + 1 }, (_, step) => step);
    const first = steps.find((step) => isDrawn({ ...lot, step })) ?? Infinity;
    // What is derived from a seed that nobody has recorded yet may still change with the chain.
    if (record.seed !== 0n) this.firstSteps.set(key, first);
    return first;
  }

  forget(jobId: string): void {
    for (const key of this.firstSteps.keys()) if (key.startsWith(`${jobId}/`)) this.firstSteps.delete(key);
  }

  /** The seed of a first draw that nobody has recorded yet. */
  private async comingSeed({ jobId }: KnownJob, { seedBlock }: JobRecord, head: Head): Promise<bigint | undefined> {
    if (head.number <= seedBlock) return undefined;
    const hash = await this.chain.blockHash(seedBlock);
    return hash === undefined ? undefined : drawSeed(hash, jobId, JobState.Open);
  }
}
