import { ZeroHash } from "ethers";

import type { Client } from "../../client.ts";
import { ascending } from "../../codecs/ascending.ts";
import { JobState, type PackedJob } from "../../codecs/job.ts";
import { type Round, unpackRound } from "../../codecs/round.ts";
import { explained, isRefusal } from "../../errors/ProtocolError.ts";
import { getRecord, jobIdOf, type JobParameters, roundIdOf } from "./jobs.ts";
import { type Pack, packIn, roundEvents } from "./packs.ts";
import { ATTEMPTS, findSeals } from "./seals.ts";

export type { Pack } from "./packs.ts";

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
  /** Root of the output with the most reveals; zero before the first, and as long as the round is packed. */
  readonly leader: string;
  /** What stands in the logs instead of storage; undefined unless the round is packed. */
  readonly pack: Pack | undefined;
}

/** The attempt that belongs to the running draw of a job; of a final job, the last one that it can have had. */
export async function runningAttempt(client: Client, job: PackedJob): Promise<number> {
  const { record } = await getRecord(client, { jobId: jobIdOf(client, job) });
  return Math.min(record.state, JobState.Appeal) - 1;
}

/**
 * Reads a round of a job. Where it is packed, storage does not tell, and the logs do.
 * @throws NotFoundError if there is no such job; ProtocolError `CommitmentsPacked` if the provider has not the round's logs.
 */
export async function getRound(client: Client, { job, attempt }: GetRoundParameters): Promise<JobRound> {
  const number = attempt ?? (await runningAttempt(client, job));
  const id = roundIdOf(client, job, number);
  try {
    const { round, leader } = await explained(client.commitments.roundOf(id));
    return { roundId: id, attempt: number, round: unpackRound(round), leader, pack: undefined };
  } catch (error) {
    const pack = isRefusal(error, "CommitmentsPacked") ? await getPack(client, { job }) : undefined;
    if (pack === undefined) throw error;
    return { roundId: id, attempt: number, round: unpackRound(pack.word), leader: ZeroHash, pack };
  }
}

/**
 * Finds the seals with which the first draw of a job was opened in the logs, if they were packed: `unpackSeals` and
 * `revealPackedAndSettle` take them.
 * @returns undefined where nobody has sealed, and where the first seal was not packed.
 */
export async function getPack(client: Client, { job }: JobParameters): Promise<Pack | undefined> {
  const roundId = roundIdOf(client, job, 0);
  return packIn(roundId, await roundEvents(client, job, [roundId]));
}

/** A node that sealed. */
export interface Seat {
  readonly node: string;
  readonly commitment: string;
  /** What it revealed; undefined as long as it has not. */
  readonly outputRoot: string | undefined;
}

/**
 * Who sealed and what they revealed: one list for each draw (first, audit, appeal), each ascending by address. Where a job
 * ended with its seals packed nobody has revealed by itself: everybody in the pack states what the job ended with.
 */
export async function getSeats(client: Client, { job }: JobParameters): Promise<readonly (readonly Seat[])[]> {
  const { seals } = await findSeals(client, job);
  return ATTEMPTS.map((attempt) => {
    const draw = ascending(seals.filter((seal) => seal.attempt === attempt));
    return draw.map(({ node, commitment, outputRoot }) => ({ node, commitment, outputRoot }));
  });
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
