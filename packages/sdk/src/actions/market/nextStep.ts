import type { Client } from "../../client.ts";
import { hasResult, isFinalState, type Job, type JobRecord, JobState, unpackJob } from "../../codecs/job.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { jobIdOf, type JobParameters, readRecord } from "./job.ts";

/** What can move a job now. */
export interface NextStep {
  /** The action that does: `advanceJob`, `settleJob`, `expireJob`, `deliverResult`; or wait; or nothing is left to do. */
  readonly step: "advance" | "settle" | "expire" | "deliver" | "wait" | "none";
  readonly state: JobState;
  /** The state that the step leads to. */
  readonly next: JobState;
}

/**
 * What can move a job in the next block, as far as the latest one tells.
 * @throws NotFoundError if there is no such job.
 */
export async function nextStep(client: Client, { job }: JobParameters): Promise<NextStep> {
  const id = jobIdOf(client, job);
  const { record, word } = await readRecord(client, id);
  const { state } = record;
  if (isFinalState(state))
    return { step: isDeliverable(unpackJob(job), record) ? "deliver" : "none", state, next: state };

  const { market } = client.addresses;
  const answer = await explained(client.policy.nextStateOf(market, id, job, word));
  const next = Number(answer.next) as JobState;
  if (next === JobState.Unanswered) return { step: "expire", state, next };
  if (isFinalState(next)) return { step: "settle", state, next };
  const seedIsDue = record.seed === 0n && (await client.provider.getBlockNumber()) >= record.seedBlock;
  const moves = next !== state || answer.awaitsSeedBlock || seedIsDue;
  return { step: moves ? "advance" : "wait", state, next };
}

const isDeliverable = ({ callback }: Job, { state, delivered }: JobRecord) =>
  hasResult(state) && BigInt(callback) !== 0n && !delivered;
