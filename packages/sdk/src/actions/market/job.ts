import type { Client } from "../../client.ts";
import { jobId, type JobRecord, type PackedJob, unpackRecord } from "../../codecs/job.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { NotFoundError } from "../../errors/faults.ts";

/** What calls on a job take: the job as its request made it. `getJob` gives it for an id. */
export interface JobParameters {
  readonly job: PackedJob;
}

/** Calls that end a draw also name who sealed. */
export interface SeatsParameters extends JobParameters {
  /** All who sealed: first draw, audit, appeal, each ascending by address. By default they are read from the logs. */
  readonly seats?: readonly string[];
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
export const jobIdOf = (client: Client, job: PackedJob): string => jobId(client.chainId, client.addresses.market, job);

/**
 * Reads a job's slot.
 * @throws NotFoundError if there is no such job.
 */
export async function readRecord({ market }: Client, id: string): Promise<StoredJob> {
  const { record: word, satWeight } = await explained(market.jobOf(id));
  if (word === 0n) throw new NotFoundError("job", id);
  return { record: unpackRecord(word), word, satWeight };
}
