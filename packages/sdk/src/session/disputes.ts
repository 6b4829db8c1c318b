import { chainTime } from "../chainTime.ts";
import type { Client } from "../client.ts";
import { challenge } from "../actions/disputes/play.ts";
import type { TracedRun } from "../actions/disputes/TracedRun.ts";
import { type ProvenReceipt, showReceipt, statementOfReceipt } from "../actions/sessions/receipts.ts";
import { unpackSession } from "../codecs/session.ts";
import type { VersionIdentity } from "../codecs/model.ts";
import { payloadRoot } from "../codecs/payload.ts";
import type { Tensor } from "../codecs/tensor.ts";
import { sleep } from "../sleep.ts";
import { ReceiptAheadError } from "./errors.ts";
import type { AnsweredCall } from "./state.ts";

/** Parameters of {@link disputeReceipt}. */
export interface DisputeReceiptParameters extends ProvenReceipt {
  readonly modelId: string;
  readonly version: VersionIdentity;
  /** What the version really gives for the receipt's input. */
  readonly run: TracedRun;
  /** As `challenge` takes it. */
  readonly isSealed?: boolean;
  readonly pollingInterval?: number;
  readonly signal?: AbortSignal;
}

/** Seconds that a chain's clock is waited for; by default, no client takes a receipt that is more of the future. */
const MOST_AHEAD = 60;

/**
 * Disputes an answer: shows its receipt, signed or in a batch, and challenges what the node has stated with it. Waits for up to
 * a minute if the chain's clock is behind the node's.
 * @throws ReceiptAheadError; ProtocolError as `showReceipt` and `challenge`; NoBlockError; the reason of the signal.
 */
export async function disputeReceipt(client: Client, parameters: DisputeReceiptParameters) {
  const { session, receipt, proof, modelId, version, ...playing } = parameters;
  await waitUntil(client, receipt.issuedAt, playing);
  await showReceipt(client, { session, receipt, proof });
  const { node } = unpackSession(session);
  const statement = statementOfReceipt(client, { receipt, node, modelId, version });
  return { statement, ...(await challenge(client, { statement, ...playing })) };
}

/** The chain's clock is behind the node's: what is from the future for it cannot be shown yet. */
async function waitUntil(
  client: Client,
  time: number,
  { pollingInterval = 1_000, signal }: Pick<DisputeReceiptParameters, "pollingInterval" | "signal">,
): Promise<void> {
  const givenUpAt = Date.now() + MOST_AHEAD * 1_000;
  for (;;) {
    const now = await chainTime(client);
    if (now >= time) return;
    // A chain that makes no blocks without transactions has an old one, and goes by our clock all the same.
    const isFar = time > Math.max(now, Date.now() / 1_000) + MOST_AHEAD;
    if (isFar || Date.now() >= givenUpAt) throw new ReceiptAheadError(time, now);
    await sleep(pollingInterval, signal);
    signal?.throwIfAborted();
  }
}

/** Parameters of {@link auditSession}. */
export interface AuditSessionParameters {
  readonly calls: Iterable<AnsweredCall> | AsyncIterable<AnsweredCall>;
  /** Chance that a call is run again, basis points. */
  readonly shareBps: number;
  /** Runs the version here, with the runtime that nodes use. */
  readonly run: (inputs: readonly Tensor[]) => Promise<readonly Tensor[]>;
  /** A number from 0 up to 1; by default random in a way that no node can foresee. */
  readonly random?: () => number;
  readonly signal?: AbortSignal;
}

/** What an audit has found. */
export interface SessionAudit {
  readonly seen: number;
  readonly checked: number;
  /** Calls whose answer is not what the version gives here. */
  readonly wrong: readonly AnsweredCall[];
}

const BPS = 10_000;

/** Runs a random share of answered calls again, and says which answers differ. */
export async function auditSession(parameters: AuditSessionParameters): Promise<SessionAudit> {
  const { calls, shareBps, run, random = unforeseen, signal } = parameters;
  let seen = 0;
  let checked = 0;
  const wrong: AnsweredCall[] = [];
  for await (const call of calls) {
    signal?.throwIfAborted();
    ++seen;
    if (random() * BPS >= shareBps) continue;
    ++checked;
    if (payloadRoot(await run(call.inputs)) !== call.receipt.outputRoot) wrong.push(call);
  }
  return { seen, checked, wrong };
}

function unforeseen(): number {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1));
  return number / 2 ** 32;
}
