/** What was ordered and what was answered, read from the chain so that the job's id vouches for it. */
import {
  type Client,
  faultOf,
  fetchOutput,
  getAnswer,
  getJob,
  getOptimisticJob,
  getSeats,
  isStated,
  jobIdOf,
  type OptimisticJobWithRecord,
  optimisticJobIdOf,
  optimisticRoundIdOf,
  OptimisticState,
  type PackedJob,
  PayloadError,
  statementId,
  type Tensor,
  verifyResult,
} from "@opg-protocol/sdk";

import type { RunningStep, StepName, Subject } from "./steps.ts";

export const CHAIN_STEP: StepName = { id: "chain", title: "Order and answer on chain", subject: "settlement" };

/** A job, and what there is to be checked of it. */
export interface Question {
  readonly versionId: string;
  readonly inputRoot: string;
  /** The payload itself, or its URI; hex. */
  readonly carried: string;
  /** What was stated; undefined as long as nothing was. */
  readonly outputRoot: string | undefined;
  /** Of what was stated. */
  readonly fault: PayloadError;
  /** Who stated it. */
  readonly nodes: readonly string[];
  /** What the calldata of a delivery has of the output, if it was delivered. */
  readonly delivered: () => Promise<readonly Tensor[]>;
}

/** The subjects of the SDK's checks that are looked at elsewhere here. */
const OWN: readonly Subject[] = ["input", "output"];

/**
 * Checks a job on chain with the SDK, and reads what was asked and answered.
 * @throws NotFoundError if no market has the job.
 */
export async function readQuestion(client: Client, jobId: string, step: RunningStep): Promise<Question> {
  const { checks, outputRoot } = await verifyResult(client, { jobId });
  const isForOne = (await client.optimistic.jobOf(jobId)) !== 0n;
  const standing = isForOne && outputRoot === undefined ? await readStanding(client, jobId, step) : undefined;
  // Of an answer that stands and is not final the SDK says that there is no result; here it is told more exactly.
  const told = standing === undefined ? OWN : [...OWN, "settlement"];
  for (const { subject, finding, text } of checks) if (!told.includes(subject)) step.find(subject, finding, text);
  return standing ?? (isForOne ? readForOne(client, jobId, outputRoot) : readForMany(client, jobId, outputRoot));
}

async function readForMany(client: Client, jobId: string, outputRoot: string | undefined): Promise<Question> {
  const { packed, input: carried } = await getJob(client, { jobId });
  refuseOther(jobIdOf(client, packed), jobId);
  const seats = outputRoot === undefined ? [] : (await getSeats(client, { job: packed })).flat();
  const nodes = seats.filter((seat) => seat.outputRoot === outputRoot).map(({ node }) => node);
  return {
    ...askedIn(packed),
    carried,
    ...answered(outputRoot),
    nodes,
    delivered: delivery(client, jobId, packed, outputRoot),
  };
}

const delivery = (
  client: Client,
  jobId: string,
  job: PackedJob,
  outputRoot = "",
): (() => Promise<readonly Tensor[]>) => {
  return () => fetchOutput(client, { jobId, job, outputRoot, sources: [] });
};

/** A job of one node that has ended; it may have no result. */
async function readForOne(client: Client, jobId: string, outputRoot: string | undefined): Promise<Question> {
  const found = await readOrder(client, jobId);
  const answer = await getAnswer(client, { job: found.packed, attempt: found.record.attempt });
  return questionOf(found, outputRoot, answer === undefined ? [] : [answer.node]);
}

/** What stands in a job of one node that has not ended; undefined if nothing was stated. */
async function readStanding(client: Client, jobId: string, step: RunningStep): Promise<Question | undefined> {
  const found = await readOrder(client, jobId);
  const { packed: job, record } = found;
  const answer = await getAnswer(client, { job, attempt: record.attempt });
  if (record.state !== OptimisticState.Stated || answer === undefined) return undefined;
  const { node, outputRoot, disputableUntil } = answer;
  const statement = statementId(optimisticRoundIdOf(client, job, record.attempt), node, outputRoot);
  const isKept = isStated(record, statement);
  const stored = isKept ? "that" : "another";
  step.find("statements", isKept ? "holds" : "fails", `${node} states this output; storage has ${stored} statement.`);
  const until = new Date(disputableUntil * 1_000).toISOString();
  const text = `The answer is not final: it can be disputed until ${until}. It is checked as it was stated.`;
  step.find("settlement", "untold", text);
  return questionOf(found, outputRoot, [node]);
}

async function readOrder(client: Client, jobId: string): Promise<OptimisticJobWithRecord> {
  const found = await getOptimisticJob(client, { jobId });
  refuseOther(optimisticJobIdOf(client, found.packed), jobId);
  return found;
}

const questionOf = (
  { packed, input: carried }: OptimisticJobWithRecord,
  outputRoot: string | undefined,
  nodes: readonly string[],
): Question => ({
  ...askedIn(packed),
  carried,
  ...answered(outputRoot),
  nodes,
  delivered: () => Promise.reject(new Error("deliveries of this market are not read")),
});

const askedIn = ({ versionId, inputRoot }: { readonly versionId: string; readonly inputRoot: string }) => ({
  versionId,
  inputRoot,
});

const answered = (outputRoot: string | undefined) => ({
  outputRoot,
  fault: outputRoot === undefined ? PayloadError.None : faultOf(outputRoot),
});

/** The provider gives another order than the id is the hash of: nothing that follows would be about the job. */
function refuseOther(found: string, jobId: string): void {
  if (found !== jobId.toLowerCase())
    throw new Error(`the order that the RPC gives hashes to ${found}, which is another job`);
}
