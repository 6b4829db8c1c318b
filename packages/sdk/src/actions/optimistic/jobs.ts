import type { Client } from "../../client.ts";
import { roundId } from "../../codecs/commitment.ts";
import {
  type OptimisticRecord,
  optimisticJobId,
  type PackedOptimisticJob,
  unpackOptimisticRecord,
} from "../../codecs/optimisticJob.ts";
import { type ClosedJob, closedJob } from "../../entities/closedJob.ts";
import { type OfferedJob, offeredJob } from "../../entities/offeredJob.ts";
import { NotFoundError } from "../../errors/faults.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { findLastEvent } from "../../logs.ts";
import { answerIn } from "../disputes/statements.ts";
import type { JobIdParameters } from "../market/jobs.ts";

/** What calls on a job for one node take: the job as its request made it. `getOptimisticJob` gives it for an id. */
export interface OptimisticJobParameters {
  readonly job: PackedOptimisticJob;
}

type Place = Pick<Client, "chainId" | "addresses">;

/** The id of a job in the client's market for one node. */
export const optimisticJobIdOf = ({ chainId, addresses }: Place, job: PackedOptimisticJob): string =>
  optimisticJobId(chainId, addresses.optimistic, job);

/** The id of the round of an attempt at a job: 0, or 1 after the first node has failed. */
export function optimisticRoundIdOf(client: Place, job: PackedOptimisticJob, attempt: number): string {
  const { chainId, addresses } = client;
  const { commitments, optimistic: consumer } = addresses;
  const { versionId, inputRoot } = job;
  const jobId = optimisticJobIdOf(client, job);
  return roundId({ chainId, commitments, consumer, jobId, attempt, versionId, inputRoot });
}

/**
 * Reads what storage keeps of a job for one node.
 * @throws NotFoundError if there is no such job.
 */
export async function getOptimisticRecord(client: Client, { jobId }: JobIdParameters): Promise<OptimisticRecord> {
  const word = await explained(client.optimistic.jobOf(jobId));
  if (word === 0n) throw new NotFoundError("job", jobId);
  return unpackOptimisticRecord(word);
}

/** A job for one node as its request made it, and where it stands now. */
export interface OptimisticJobWithRecord extends OfferedJob {
  readonly record: OptimisticRecord;
}

/**
 * Finds a job for one node by its id: its fields in the log of its request, its state in storage.
 * @throws NotFoundError if there is no such job.
 */
export async function getOptimisticJob(client: Client, parameters: JobIdParameters): Promise<OptimisticJobWithRecord> {
  const record = await getOptimisticRecord(client, parameters);
  const event = await findLastEvent(client, "optimistic", "JobOffered", [parameters.jobId], client.startBlock);
  if (event === undefined) throw new NotFoundError("job", parameters.jobId);
  return { ...offeredJob(event), record };
}

/**
 * How a job for one node ended.
 * @returns undefined as long as it has not.
 */
export async function getClosing(client: Client, { jobId }: JobIdParameters): Promise<ClosedJob | undefined> {
  const event = await findLastEvent(client, "optimistic", "JobClosed", [jobId], client.startBlock);
  return event && closedJob(event);
}

/** Parameters of {@link getAnswer}. */
export interface GetAnswerParameters extends OptimisticJobParameters {
  /** 0, or 1 after the first node has failed. */
  readonly attempt: number;
}

/** What a node has stated of a job. */
export interface StatedAnswer {
  readonly node: string;
  readonly outputRoot: string;
  /** Unix seconds, exclusive. */
  readonly disputableUntil: number;
}

/** What was stated in an attempt at a job; undefined as long as nothing was. */
export async function getAnswer(
  client: Client,
  { job, attempt }: GetAnswerParameters,
): Promise<StatedAnswer | undefined> {
  const event = await answerIn(client, optimisticRoundIdOf(client, job, attempt));
  if (event === undefined) return undefined;
  const { node, outputRoot, disputableUntil } = event.args;
  return { node, outputRoot, disputableUntil: Number(disputableUntil) };
}
