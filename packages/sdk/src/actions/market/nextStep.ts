import { chainTime } from "../../chainTime.ts";
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
import { revealEndsAt } from "../../codecs/round.ts";
import { explained, isRefusal, ProtocolError } from "../../errors/ProtocolError.ts";
import { getRecord, jobIdOf, type JobParameters, type StoredJob } from "./jobs.ts";
import { getRound } from "./rounds.ts";
import { withSeats } from "./withSeats.ts";

/** Why a job that a referee can judge cannot end yet. */
const NOT_YET: ReadonlySet<string> = new Set(["PolicyNotFinal", "PolicyStillDisputable", "DisputeSharersNotFinal"]);

/** What can move a job now. */
export interface NextStep {
  /**
   * The action that does: `advanceJob`, `settleJob`, `expireJob`, `deliverResult`, `unpackSeals`; or wait; or nothing is left
   * to do. Packed seals are to be unpacked once the time to reveal is over, since what becomes of the job then depends on
   * each of them; until then all of them together can still end it, unless an audit may follow: then whoever reveals unpacks
   * them first.
   */
  readonly step: "advance" | "settle" | "expire" | "deliver" | "unpack" | "wait" | "none";
  readonly state: JobState;
  /** The state that the step leads to. */
  readonly next: JobState;
}

/**
 * What can move a job in the next block, as far as the latest one tells.
 * @throws NotFoundError if there is no such job; NoBlockError.
 */
export async function getNextStep(client: Client, { job }: JobParameters): Promise<NextStep> {
  const id = jobIdOf(client, job);
  const { record, word } = await getRecord(client, { jobId: id });
  const { state } = record;
  if (isFinalState(state))
    return { step: isDeliverable(unpackJob(job), record) ? "deliver" : "none", state, next: state };

  if (unpackJob(job).windowPeriod > 0) return nextOfRefereed(client, job, { record, word });
  const [answer, latest] = await Promise.all([
    explained(client.policy.nextStateOf(client.addresses.market, id, job, word)).catch(unlessPacked),
    client.provider.getBlockNumber(),
  ]);
  if (answer === undefined) return nextOfPacked(client, job, state);
  const next = Number(answer.next) as JobState;
  if (next === JobState.Unanswered) return { step: "expire", state, next };
  if (isFinalState(next)) return { step: "settle", state, next };
  const moves = next !== state || answer.awaitsSeedBlock || isSeedDue(record, latest);
  return { step: moves ? "advance" : "wait", state, next };
}

function unlessPacked(error: unknown): undefined {
  if (!isRefusal(error, "CommitmentsPacked")) throw error;
}

async function nextOfPacked(client: Client, job: PackedJob, state: JobState): Promise<NextStep> {
  const [{ round }, time] = await Promise.all([getRound(client, { job, attempt: 0 }), chainTime(client)]);
  return { step: time >= revealEndsAt(round, time) ? "unpack" : "wait", state, next: state };
}

const isSeedDue = ({ seed, seedBlock }: JobRecord, latest: number): boolean => seed === 0n && latest >= seedBlock;

/** Where a referee judges, nothing follows the first draw, and how it ends depends on what each seat has stated. */
async function nextOfRefereed(
  client: Client,
  job: PackedJob,
  { record, word }: Pick<StoredJob, "record" | "word">,
): Promise<NextStep> {
  const { state } = record;
  const [{ seats }, latest] = await Promise.all([withSeats(client, { job }), client.provider.getBlockNumber()]);
  try {
    const { market } = client.addresses;
    const end = await explained(
      client.refereedPolicy.settlementOf(market, jobIdOf(client, job), job, word, [...seats]),
    );
    const next = Number(end.state) as JobState;
    return { step: next === JobState.Unanswered ? "expire" : "settle", state, next };
  } catch (error) {
    if (!(error instanceof ProtocolError) || !NOT_YET.has(error.decoded.name)) throw error;
    return { step: isSeedDue(record, latest) ? "advance" : "wait", state, next: state };
  }
}

const isDeliverable = ({ callback }: Job, { state, delivered }: JobRecord) =>
  hasResult(state) && BigInt(callback) !== 0n && !delivered;
