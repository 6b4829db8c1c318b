import type { Client } from "../../client.ts";
import { OptimisticState, type PackedOptimisticJob } from "../../codecs/optimisticJob.ts";
import { faultOf, PayloadError } from "../../codecs/payload.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { sleep } from "../../sleep.ts";
import type { InferenceResult } from "../market/delivery.ts";
import type { JobIdParameters } from "../market/jobs.ts";
import { fetchPayload, type OutputSources } from "../market/results.ts";
import { getAnswer, getOptimisticJob, getOptimisticRecord, type StatedAnswer } from "./jobs.ts";

/** What a node has stated of a job, with what is behind the root. */
export interface OptimisticAnswer extends StatedAnswer {
  readonly jobId: string;
  readonly job: PackedOptimisticJob;
  /** The output, checked against the root on chain, or the error that the node states in place of one. */
  readonly result: InferenceResult;
}

/** Where a job for one node stands, with its answer if it has one. */
export interface OptimisticOutcome {
  readonly state: OptimisticState;
  /** Undefined if the job ended without one, or with a false one. */
  readonly answer: OptimisticAnswer | undefined;
}

/** Parameters of {@link waitForAnswer}. */
export interface WaitForAnswerParameters extends JobIdParameters, OutputSources {
  /** Milliseconds between looks at the chain; by default 1,000. */
  readonly pollingInterval?: number;
  readonly signal?: AbortSignal;
}

const ANSWERED: readonly OptimisticState[] = [
  OptimisticState.Stated,
  OptimisticState.Answered,
  OptimisticState.Refused,
];

/**
 * Waits until a node has stated an answer to a job for one node, as of the latest block, or the job has ended without one; and
 * fetches the output. An answer can be disputed until its `disputableUntil`. Not for jobs that may be audited: their answers are
 * sealed, and known only when the job ends.
 * @throws NotFoundError if there is no such job, OutputUnavailableError if nobody gives the output, the signal's reason.
 */
export async function waitForAnswer(client: Client, parameters: WaitForAnswerParameters): Promise<OptimisticOutcome> {
  const { jobId, pollingInterval = 1_000, signal } = parameters;
  const { packed: job } = await getOptimisticJob(client, { jobId });
  for (;;) {
    const { state, attempt } = await getOptimisticRecord(client, { jobId });
    const stated = ANSWERED.includes(state) ? await getAnswer(client, { job, attempt }) : undefined;
    if (stated !== undefined)
      return { state, answer: { ...stated, jobId, job, result: await resultOf(client, stated, parameters) } };
    if (state > OptimisticState.Stated) return { state, answer: undefined };
    await sleep(pollingInterval, signal);
    signal?.throwIfAborted();
  }
}

async function resultOf(
  client: Client,
  { node, outputRoot }: StatedAnswer,
  parameters: WaitForAnswerParameters,
): Promise<InferenceResult> {
  const fault = faultOf(outputRoot);
  if (fault !== PayloadError.None) return { fault };
  const sources = parameters.sources ?? [await explained(client.staking.metadataURIOf(node))];
  return { tensors: await fetchPayload({ ...parameters, root: outputRoot, sources }) };
}
