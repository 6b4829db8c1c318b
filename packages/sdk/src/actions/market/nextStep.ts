import type { Client } from "../../client.ts";
import {
  hasResult,
  isFinalState,
  type Job,
  type JobRecord,
  JobState,
  type PackedJob,
  unpackJob,
} from "../../codecs/job.ts";
import { explained, ProtocolError } from "../../errors/ProtocolError.ts";
import { getRecord, jobIdOf, type JobParameters } from "./jobs.ts";
import { getSeats } from "./rounds.ts";

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
export async function getNextStep(client: Client, { job }: JobParameters): Promise<NextStep> {
  const id = jobIdOf(client, job);
  const { record, word } = await getRecord(client, { jobId: id });
  const { state } = record;
  if (isFinalState(state))
    return { step: isDeliverable(unpackJob(job), record) ? "deliver" : "none", state, next: state };

  if (unpackJob(job).windowPeriod > 0) return refereedStep(client, job, id, record, word);
  const [answer, latest] = await Promise.all([
    explained(client.policy.nextStateOf(client.addresses.market, id, job, word)),
    client.provider.getBlockNumber(),
  ]);
  const next = Number(answer.next) as JobState;
  if (next === JobState.Unanswered) return { step: "expire", state, next };
  if (isFinalState(next)) return { step: "settle", state, next };
  const seedIsDue = record.seed === 0n && latest >= record.seedBlock;
  const moves = next !== state || answer.awaitsSeedBlock || seedIsDue;
  return { step: moves ? "advance" : "wait", state, next };
}

/** Verdicts that are still out, and what follows them: nothing can be done but wait. */
const UNDECIDED: readonly string[] = ["PolicyNotFinal", "PolicyStillDisputable", "PolicySharersNotFinal"];

/** Where a referee judges, a draw is followed by nothing but the time in which its answers can be disputed. */
async function refereedStep(
  client: Client,
  job: PackedJob,
  id: string,
  { state, seed, seedBlock }: JobRecord,
  word: bigint,
): Promise<NextStep> {
  const seats = (await getSeats(client, { job })).flat().map(({ node }) => node);
  try {
    const { market } = client.addresses;
    const settlement = await explained(client.refereedPolicy.settlementOf(market, id, job, word, seats));
    const next = Number(settlement.state) as JobState;
    return { step: next === JobState.Unanswered ? "expire" : "settle", state, next };
  } catch (error) {
    if (!(error instanceof ProtocolError) || !UNDECIDED.includes(error.decoded.name)) throw error;
  }
  const seedIsDue = seed === 0n && (await client.provider.getBlockNumber()) >= seedBlock;
  return { step: seedIsDue ? "advance" : "wait", state, next: state };
}

const isDeliverable = ({ callback }: Job, { state, delivered }: JobRecord) =>
  hasResult(state) && BigInt(callback) !== 0n && !delivered;
