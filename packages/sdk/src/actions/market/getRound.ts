import type { Client } from "../../client.ts";
import { roundId } from "../../codecs/commitment.ts";
import { JobState, type PackedJob } from "../../codecs/job.ts";
import { type Round, unpackRound } from "../../codecs/round.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { jobIdOf, type JobParameters, readRecord } from "./job.ts";

export interface GetRoundParameters extends JobParameters {
  /** 0 first draw, 1 audit, 2 appeal; by default the draw that runs. */
  readonly attempt?: number;
}

/** One draw's round of seals and reveals. */
export interface JobRound {
  readonly roundId: string;
  readonly attempt: number;
  /** Clock and counts; all zero before the first seal. */
  readonly round: Round;
  /** Root of the output with the most reveals; zero before the first. */
  readonly leader: string;
}

/** The id of a round of a job. */
export function roundIdOf(client: Client, job: PackedJob, attempt: number): string {
  const { commitments, market: consumer } = client.addresses;
  const { versionId, inputRoot } = job;
  const { chainId } = client;
  return roundId({ chainId, commitments, consumer, jobId: jobIdOf(client, job), attempt, versionId, inputRoot });
}

/** The attempt that belongs to the running draw of a job; of a final job, the last one that it can have had. */
export async function runningAttempt(client: Client, job: PackedJob): Promise<number> {
  const { record } = await readRecord(client, jobIdOf(client, job));
  return Math.min(record.state, JobState.Appeal) - 1;
}

/**
 * Reads a round of a job.
 * @throws NotFoundError if there is no such job.
 */
export async function getRound(client: Client, { job, attempt }: GetRoundParameters): Promise<JobRound> {
  const number = attempt ?? (await runningAttempt(client, job));
  const id = roundIdOf(client, job, number);
  const { round, leader } = await explained(client.commitments.roundOf(id));
  return { roundId: id, attempt: number, round: unpackRound(round), leader };
}
