import { getVersion } from "../actions/models/versions.ts";
import { type OptimisticAnswer, waitForAnswer } from "../actions/optimistic/results.ts";
import { type OptimisticTerms, requestOptimistic } from "../actions/optimistic/orders.ts";
import type { OutputSources } from "../actions/market/results.ts";
import type { Client } from "../client.ts";
import type { CompletionTransport } from "./complete.ts";
import { NoCompletionError } from "./errors.ts";

/** What a completion may cost. Base units of OPG; together they must be whole millionths. */
export interface CompletionPrice {
  /** However long the answer. */
  readonly job: bigint;
  /** For each byte that the answer may have: what is ordered is paid, as the node must be ready to make all of it. */
  readonly token: bigint;
}

/** Parameters of {@link throughJob}: a job for one node, whose price depends on the order's limit. */
export interface JobCompletionTerms extends Omit<OptimisticTerms, "price" | "auditBps">, OutputSources {
  readonly price: CompletionPrice;
  /** Milliseconds between looks at the chain; by default 1,000. */
  readonly pollingInterval?: number;
}

/** What a node has stated on chain of a completion. */
export type JobCompletionStatement = Pick<
  OptimisticAnswer,
  "jobId" | "job" | "node" | "outputRoot" | "disputableUntil"
>;

/**
 * Orders completions on chain, of one node, out of the market's balance of the client's account. The text is there as soon as
 * the node has stated it; it can be disputed until `disputableUntil`, and is final then.
 *
 * Asking throws NoCompletionError if the job ends without a text; ProtocolError as `requestOptimistic`; OutputUnavailableError if
 * nobody has the text's bytes; NotFoundError if there is no such version; the reason of the signal, after which the job goes on.
 */
export function throughJob(client: Client, terms: JobCompletionTerms): CompletionTransport<JobCompletionStatement> {
  const { price } = terms;
  return {
    signature: async () => (await getVersion(client, terms)).identity,
    async ask({ inputs, limit, signal }) {
      const { jobId } = await requestOptimistic(client, {
        ...terms,
        price: price.job + price.token * BigInt(limit),
        input: { tensors: inputs },
      });
      const { state, answer } = await waitForAnswer(client, {
        ...terms,
        jobId,
        ...(signal !== undefined && { signal }),
      });
      if (answer === undefined) throw new NoCompletionError(jobId, state);
      const { result, ...statement } = answer;
      if ("fault" in result) throw new NoCompletionError(jobId, state, result.fault);
      return { outputs: result.tensors, statement };
    },
  };
}
