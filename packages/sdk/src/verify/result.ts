import type { Client } from "../client.ts";
import type { Tensor } from "../codecs/tensor.ts";
import { explained } from "../errors/ProtocolError.ts";
import type { Check, VerificationVerdict } from "./check.ts";
import { verifyOptimistic } from "./optimistic.ts";
import { verifyReplicated } from "./replicated.ts";

/** Parameters of {@link verifyResult}. */
export interface VerifyResultParameters {
  readonly jobId: string;
  /** The input, where the order carries only an address of it. */
  readonly input?: readonly Tensor[];
  /** The output, from wherever it comes. */
  readonly output?: readonly Tensor[];
}

/** What was checked of a result, and what it says. */
export interface Verification {
  readonly jobId: string;
  /** Of the job's result; undefined if it has none. */
  readonly outputRoot: string | undefined;
  readonly verdict: VerificationVerdict;
  readonly checks: readonly Check[];
}

/**
 * Checks a result with nothing but a provider: that the order, the input and the output hash to what the chain says, that
 * the nodes' statements are in storage, and that the nodes' signers signed them. Works for jobs of both markets.
 *
 * What a contract keeps in its storage is believed as the provider gives it; all else is computed here.
 * @throws NotFoundError if no market has such a job.
 */
export async function verifyResult(client: Client, parameters: VerifyResultParameters): Promise<Verification> {
  const isForOne = (await explained(client.optimistic.jobOf(parameters.jobId))) !== 0n;
  return isForOne ? verifyOptimistic(client, parameters) : verifyReplicated(client, parameters);
}
