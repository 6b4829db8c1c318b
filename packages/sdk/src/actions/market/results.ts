import { getBytes, ZeroAddress } from "ethers";

import type { Client } from "../../client.ts";
import { hasResult, isFinalState, JobState, type PackedJob, unpackJob } from "../../codecs/job.ts";
import { decodePayload, faultOf, PayloadError, payloadRoot } from "../../codecs/payload.ts";
import type { Tensor } from "../../codecs/tensor.ts";
import { interfaces } from "../../contracts.ts";
import type { SettledJob } from "../../entities/settledJob.ts";
import { OutputUnavailableError } from "../../errors/faults.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { findLastLog, logQuery } from "../../logs.ts";
import { readAtMost } from "../../readAtMost.ts";
import { sleep } from "../../sleep.ts";
import type { InferenceResult } from "./delivery.ts";
import { getJob, getRecord, getSettlement, type JobIdParameters, type JobParameters } from "./jobs.ts";
import { getSeats } from "./rounds.ts";

const DEFAULT_MOST_BYTES = 64 * 1024 * 1024;

/** Where the bytes of an output are looked for, beside the calldata of its delivery. */
export interface OutputSources {
  /**
   * Base URLs of nodes, which serve outputs under `/v1/outputs/<root>`. By default what the nodes who stated the output
   * name as their metadata URI. Those are addresses that strangers chose: give your own where that matters.
   */
  readonly sources?: readonly string[];
  /** Most bytes that are read; by default 64 MiB. */
  readonly mostBytes?: number;
}

/** Parameters of {@link fetchOutput}. */
export interface FetchOutputParameters extends OutputSources {
  readonly jobId: string;
  readonly job: PackedJob;
  readonly outputRoot: string;
  readonly signal?: AbortSignal;
}

/**
 * Finds the bytes of an output, and gives only what has its root.
 * @throws OutputUnavailableError with what each source said.
 */
export async function fetchOutput(client: Client, parameters: FetchOutputParameters): Promise<readonly Tensor[]> {
  const { outputRoot } = parameters;
  const delivered = await deliveredPayload(client, parameters);
  const tensors = delivered === undefined ? undefined : verified(delivered, outputRoot);
  if (tensors !== undefined) return tensors;

  const sources = parameters.sources ?? (await getOutputSources(client, parameters));
  return fetchPayload({ ...parameters, root: outputRoot, sources });
}

/** Parameters of {@link fetchPayload}. */
export interface FetchPayloadParameters extends OutputSources {
  readonly sources: readonly string[];
  /** Of the payload. */
  readonly root: string;
  readonly signal?: AbortSignal;
}

/**
 * Asks nodes one after another for the payload with a root, and gives only what has it.
 * @throws OutputUnavailableError with what each source said; the reason of the signal.
 */
export async function fetchPayload(parameters: FetchPayloadParameters): Promise<readonly Tensor[]> {
  const { root, sources, mostBytes = DEFAULT_MOST_BYTES, signal } = parameters;
  const attempts: string[] = [];
  for (const source of sources) {
    signal?.throwIfAborted();
    try {
      const found = verified(await download(source, root, mostBytes, signal), root);
      if (found !== undefined) return found;
      attempts.push(`${source} gave other bytes`);
    } catch (fault) {
      attempts.push(`${source}: ${fault instanceof Error ? fault.message : String(fault)}`);
    }
  }
  throw new OutputUnavailableError(root, attempts);
}

/** Parameters of {@link getOutputSources}. */
export interface GetOutputSourcesParameters extends JobParameters {
  readonly outputRoot: string;
}

/** The metadata URIs of the nodes that stated an output. */
export async function getOutputSources(client: Client, parameters: GetOutputSourcesParameters): Promise<string[]> {
  const seats = (await getSeats(client, parameters)).flat();
  const nodes = seats.filter((seat) => seat.outputRoot === parameters.outputRoot).map(({ node }) => node);
  return explained(Promise.all([...new Set(nodes)].map((node) => client.staking.metadataURIOf(node))));
}

/** The payload in the calldata of a delivery, unless a contract made that. */
async function deliveredPayload(
  client: Client,
  { jobId, job }: FetchOutputParameters,
): Promise<Uint8Array | undefined> {
  const { callback, requestBlock } = unpackJob(job);
  if (callback === ZeroAddress) return undefined;
  const log = await findLastLog(client, logQuery("market", ["ResultDelivered"], jobId), requestBlock);
  const transaction = log === undefined ? null : await client.provider.getTransaction(log.transactionHash);
  if (transaction?.to?.toLowerCase() !== client.addresses.market.toLowerCase()) return undefined;
  const call = interfaces.market.parseTransaction(transaction);
  return call?.name === "deliver" ? getBytes(call.args.getValue("payload") as string) : undefined;
}

function verified(bytes: Uint8Array, outputRoot: string): readonly Tensor[] | undefined {
  try {
    const tensors = decodePayload(bytes);
    return payloadRoot(tensors) === outputRoot ? tensors : undefined;
  } catch {
    return undefined; // no payload at all
  }
}

async function download(base: string, root: string, mostBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
  const url = new URL(`v1/outputs/${root}`, base.endsWith("/") ? base : `${base}/`);
  if (!/^https?:$/.test(url.protocol)) throw new TypeError(`${url.protocol} is not HTTP`);
  const response = await fetch(url, { ...(signal !== undefined && { signal }) });
  if (!response.ok || response.body === null) throw new TypeError(`HTTP status ${response.status}`);
  return readAtMost(response.body, mostBytes);
}

/** How a job ended, with what it found. */
export interface InferenceOutcome {
  readonly jobId: string;
  readonly state: JobState;
  /** Undefined for a cancelled job. */
  readonly settlement: SettledJob | undefined;
  /** The output, checked against the root on chain, or the error on which the nodes agreed; undefined if there is neither. */
  readonly result: InferenceResult | undefined;
}

/** Parameters of {@link waitForResult}. */
export interface WaitForResultParameters extends JobIdParameters, OutputSources {
  /** Milliseconds between looks at the chain; by default 1,000. */
  readonly pollingInterval?: number;
  readonly signal?: AbortSignal;
}

/**
 * Waits until a job is final as of the latest block, and fetches its output. Moves nothing itself: nodes do, or
 * `getNextStep` tells which action does.
 * @throws NotFoundError if there is no such job, OutputUnavailableError if nobody gives the output, the signal's reason.
 */
export async function waitForResult(client: Client, parameters: WaitForResultParameters): Promise<InferenceOutcome> {
  const { jobId, pollingInterval = 1_000, signal } = parameters;
  let { state } = (await getRecord(client, { jobId })).record;
  while (!isFinalState(state)) {
    await sleep(pollingInterval, signal);
    signal?.throwIfAborted();
    ({ state } = (await getRecord(client, { jobId })).record);
  }
  const settlement = state === JobState.Cancelled ? undefined : await getSettlement(client, { jobId });
  const outputRoot = settlement?.outputRoot;
  if (!hasResult(state) || outputRoot === undefined) return { jobId, state, settlement, result: undefined };

  const fault = faultOf(outputRoot);
  if (fault !== PayloadError.None) return { jobId, state, settlement, result: { fault } };
  const { packed: job } = await getJob(client, { jobId });
  const tensors = await fetchOutput(client, { ...parameters, job, outputRoot });
  return { jobId, state, settlement, result: { tensors } };
}
