import { chainTime } from "../../chainTime.ts";
import type { Client } from "../../client.ts";
import { drawSeed, isDrawn } from "../../codecs/draw.ts";
import { AUDIT_QUORUM, type Job, type JobRecord, JobState, unpackJob } from "../../codecs/job.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { getRecord, jobIdOf, type JobParameters } from "./jobs.ts";

/** Size and clock of a draw. Times in unix seconds. */
export interface DrawTerms {
  /** Seals that the draw waits for. */
  readonly quorum: number;
  readonly startsAt: number;
  /** Seconds of one step. */
  readonly stepPeriod: number;
  readonly lastStep: number;
}

/** The draw that runs in a state that is under way; undefined for final states. Same as `JobLib.drawOf`. */
export function drawTerms(job: Job, { state, startedAt: startsAt }: JobRecord): DrawTerms | undefined {
  const { rules } = job;
  const later = { startsAt, stepPeriod: Number(rules.appealSealPeriod), lastStep: Number(rules.appealWidenSteps) };
  switch (state) {
    case JobState.Open:
      return { startsAt, quorum: job.quorum, stepPeriod: job.sealPeriod, lastStep: Number(rules.widenSteps) };
    case JobState.Audit:
      return { quorum: AUDIT_QUORUM, ...later };
    case JobState.Appeal:
      return { quorum: Number(rules.appealSize), ...later };
    default:
      return undefined;
  }
}

/** Parameters of {@link getDraw}. */
export interface GetDrawParameters extends JobParameters {
  readonly node: string;
  /** Unix seconds; by default that of the latest block. */
  readonly time?: number;
}

/** A node's part in the running draw of a job. */
export interface Draw extends DrawTerms {
  /** 0 first draw, 1 audit, 2 appeal. */
  readonly attempt: number;
  /** Undefined as long as its block is not mined, or once the chain has forgotten it. */
  readonly seed: bigint | undefined;
  /** The step that runs at the time; undefined before the first and after the last. */
  readonly step: number | undefined;
  /** OPG of the node that weigh in this draw, base units. */
  readonly weight: bigint;
  /** OPG of all that can be drawn, base units. */
  readonly totalWeight: bigint;
  /** Whether the node may sit in the step that runs. */
  readonly isDrawn: boolean;
}

/**
 * The running draw of a job, and whether it falls on a node at a time. It does not look at whether the node sat in an
 * earlier draw, or still has enough to lock.
 * @returns undefined if the job is final.
 * @throws NotFoundError if there is no such job; NoBlockError unless a time is given.
 */
export async function getDraw(client: Client, parameters: GetDrawParameters): Promise<Draw | undefined> {
  const { job: packed, node } = parameters;
  const job = unpackJob(packed);
  const jobId = jobIdOf(client, packed);
  const { record, satWeight } = await getRecord(client, { jobId });
  const terms = drawTerms(job, record);
  if (terms === undefined) return undefined;

  const weighedAt = job.requestedAt - Number(job.rules.activationPeriod);
  const [seed, weights, time] = await Promise.all([
    record.seed === 0n ? firstSeed(client, jobId, record) : record.seed,
    explained(client.market.weightsAt(node, job.versionId, weighedAt)),
    parameters.time ?? chainTime(client),
  ]);
  const totalWeight = weights.total - (record.state === JobState.Open ? 0n : satWeight);
  const step = stepAt(terms, time);
  const { weight } = weights;
  const lot = { node, weight, totalWeight, quorum: terms.quorum, seatFactorBps: job.rules.seatFactorBps };
  const drawn = seed !== undefined && step !== undefined && isDrawn({ ...lot, seed, step });
  return { ...terms, attempt: record.state - 1, seed, step, weight, totalWeight, isDrawn: drawn };
}

function stepAt({ startsAt, stepPeriod, lastStep }: DrawTerms, time: number): number | undefined {
  const step = Math.floor((time - startsAt) / stepPeriod);
  return step < 0 || step > lastStep ? undefined : step;
}

/** The seed that the first call on an open job will record. */
async function firstSeed({ provider }: Client, jobId: string, { seedBlock }: JobRecord): Promise<bigint | undefined> {
  const block = await provider.getBlock(seedBlock);
  return block?.hash == null ? undefined : drawSeed(block.hash, jobId, JobState.Open);
}
