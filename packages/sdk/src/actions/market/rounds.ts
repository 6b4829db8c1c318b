import type { Client } from "../../client.ts";
import { roundId } from "../../codecs/commitment.ts";
import { JobState, type PackedJob, unpackJob } from "../../codecs/job.ts";
import { type Round, unpackRound } from "../../codecs/round.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { parseLog } from "../../events.ts";
import { findLogs, logQuery } from "../../logs.ts";
import { getRecord, jobIdOf, type JobParameters } from "./jobs.ts";

/** Parameters of {@link getRound}. */
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
export function roundIdOf(client: Pick<Client, "chainId" | "addresses">, job: PackedJob, attempt: number): string {
  const { commitments, market: consumer } = client.addresses;
  const { versionId, inputRoot } = job;
  const { chainId } = client;
  return roundId({ chainId, commitments, consumer, jobId: jobIdOf(client, job), attempt, versionId, inputRoot });
}

/** The attempt that belongs to the running draw of a job; of a final job, the last one that it can have had. */
export async function runningAttempt(client: Client, job: PackedJob): Promise<number> {
  const { record } = await getRecord(client, { jobId: jobIdOf(client, job) });
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

/** A node that sealed. */
export interface Seat {
  readonly node: string;
  readonly commitment: string;
  /** What it revealed; undefined as long as it has not. */
  readonly outputRoot: string | undefined;
}

const ATTEMPTS = [0, 1, 2] as const;

/** Who sealed and what they revealed: one list for each draw (first, audit, appeal), each ascending by address. */
export async function getSeats(client: Client, { job }: JobParameters): Promise<readonly (readonly Seat[])[]> {
  const rounds = ATTEMPTS.map((attempt) => roundIdOf(client, job, attempt));
  const query = logQuery("commitments", ["ResultSealed", "ResultRevealed"], rounds);
  const logs = await findLogs(client, query, unpackJob(job).requestBlock);

  const draws = rounds.map(() => new Map<string, Seat>());
  for (const log of logs) {
    const event = parseLog(client.addresses, log);
    if (event?.name !== "ResultSealed" && event?.name !== "ResultRevealed") continue;
    const { node } = event.args;
    const seats = draws[rounds.indexOf(event.args.roundId)];
    if (event.name === "ResultSealed") {
      seats?.set(node, { node, commitment: event.args.commitment, outputRoot: undefined });
    } else {
      const sealed = seats?.get(node);
      if (sealed !== undefined) seats?.set(node, { ...sealed, outputRoot: event.args.outputRoot });
    }
  }
  return draws.map((seats) => [...seats.values()].sort((a, b) => (BigInt(a.node) < BigInt(b.node) ? -1 : 1)));
}

/** What calls take that end a draw: the job, and all who sealed in it. */
export interface SeatsArguments extends JobParameters {
  /** First draw, audit, appeal, each ascending by address. */
  readonly seats: readonly string[];
}

/** As `SeatsArguments`, but the seats may be left to the logs. */
export interface SeatsParameters extends JobParameters {
  /** First draw, audit, appeal, each ascending by address; by default read from the logs. */
  readonly seats?: readonly string[];
}
