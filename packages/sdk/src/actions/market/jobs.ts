import type { Client } from "../../client.ts";
import { roundId } from "../../codecs/commitment.ts";
import { jobId, type JobRecord, type PackedJob, unpackRecord } from "../../codecs/job.ts";
import { type RequestedJob, requestedJob } from "../../entities/requestedJob.ts";
import { type SettledJob, settledJob } from "../../entities/settledJob.ts";
import { NotFoundError } from "../../errors/faults.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { findLastEvent } from "../../logs.ts";

/** What calls on a job take: the job as its request made it. `getJob` gives it for an id. */
export interface JobParameters {
  readonly job: PackedJob;
}

/** What storage keeps of a job. */
export interface StoredJob {
  readonly record: JobRecord;
  /** The record as the policy takes it. */
  readonly word: bigint;
  /** OPG, base units, of the served weight that sat before the running draw. */
  readonly satWeight: bigint;
}

/** The id of a job in the client's market. */
export const jobIdOf = (client: Pick<Client, "chainId" | "addresses">, job: PackedJob): string =>
  jobId(client.chainId, client.addresses.market, job);

/** The id of a round of a job. */
export function roundIdOf(client: Pick<Client, "chainId" | "addresses">, job: PackedJob, attempt: number): string {
  const { commitments, market: consumer } = client.addresses;
  const { versionId, inputRoot } = job;
  const { chainId } = client;
  return roundId({ chainId, commitments, consumer, jobId: jobIdOf(client, job), attempt, versionId, inputRoot });
}

/** Names a job. */
export interface JobIdParameters {
  readonly jobId: string;
}

/**
 * Reads what storage keeps of a job.
 * @throws NotFoundError if there is no such job.
 */
export async function getRecord({ market }: Client, { jobId: id }: JobIdParameters): Promise<StoredJob> {
  const { record: word, satWeight } = await explained(market.jobOf(id));
  if (word === 0n) throw new NotFoundError("job", id);
  return { record: unpackRecord(word), word, satWeight };
}

/** A job as its request made it, and where it stands now. */
export interface JobWithRecord extends RequestedJob {
  readonly record: JobRecord;
}

/**
 * Finds a job by its id: its fields in the log of its request, its state in storage.
 * @throws NotFoundError if there is no such job.
 */
export async function getJob(client: Client, parameters: JobIdParameters): Promise<JobWithRecord> {
  const { record } = await getRecord(client, parameters);
  const event = await findLastEvent(client, "market", "JobRequested", [parameters.jobId], client.startBlock);
  if (event === undefined) throw new NotFoundError("job", parameters.jobId);
  return { ...requestedJob(event), record };
}

/**
 * How a job ended.
 * @returns undefined as long as it has not, and for a cancelled job.
 */
export async function getSettlement(client: Client, parameters: JobIdParameters): Promise<SettledJob | undefined> {
  const event = await findLastEvent(client, "market", "JobSettled", [parameters.jobId], client.startBlock);
  return event && settledJob(event);
}
