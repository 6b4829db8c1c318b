import { getBytes, hexlify, type Signer } from "ethers";

import { getSessionRecord, sessionIdOf, type SessionParameters } from "../actions/sessions/sessions.ts";
import { receiptSigner, type SignedReceipt } from "../actions/sessions/receipts.ts";
import { signVoucher, type SignedVoucher } from "../actions/sessions/vouchers.ts";
import type { Client } from "../client.ts";
import { decodePayload, encodePayload, payloadRoot } from "../codecs/payload.ts";
import { contradicts } from "../codecs/receipt.ts";
import {
  mostRedeemable,
  type PackedSession,
  type Session,
  sessionEndOf,
  SessionState,
  unpackSession,
} from "../codecs/session.ts";
import type { SessionRules } from "../codecs/sessionRules.ts";
import { explained } from "../errors/ProtocolError.ts";
import { hasStatus, OipFormatError, OipStatusError } from "../oip/errors.ts";
import { OipClient } from "../oip/OipClient.ts";
import type { NamedTensor } from "../oip/tensors.ts";
import { sleep } from "../sleep.ts";
import { askReceipt } from "./door.ts";
import {
  BadReceiptError,
  type ReceiptFault,
  SessionEndedError,
  SessionFormatError,
  SessionShortError,
} from "./errors.ts";
import { callHeaders, RECEIPT_HEADER, readReceiptText } from "./headers.ts";
import { inOrder, isNamedAs, readSignature, type VersionSignature } from "./signature.ts";
import { FRESH, type SentInput, type SessionProgress, type SessionStore } from "./state.ts";
import { askText, beginningWith, CutError, textBytes, type TextReply } from "./texts.ts";

/** A session that is open, and what calls in it need. */
export interface SessionClientParameters extends SessionParameters {
  /** Its reads tell whether the session is still good. */
  readonly client: Client;
  /** Base URL of the node's door. */
  readonly url: string;
  /** Signs vouchers. */
  readonly key: Signer;
  readonly store: SessionStore;
  /** Times that a call is sent again when nothing comes back, or the node is busy; by default 2. */
  readonly retries?: number;
  /** Most milliseconds of one call; by default 30,000. */
  readonly timeout?: number;
  /** Seconds after which the chain is asked again whether session and signer are still good; by default 30. */
  readonly freshPeriod?: number;
  /** Seconds that the node's clock may differ from ours; by default 60. */
  readonly clockTolerance?: number;
  /** What the version takes and gives; by default read from the chain once. */
  readonly signature?: VersionSignature;
}

/** Parameters of {@link SessionClient.infer}. */
export interface SessionInferParameters {
  /** As the version's signature names them, in any order. */
  readonly inputs: readonly NamedTensor[];
  readonly signal?: AbortSignal;
  /**
   * Of a language model: asks for a stream, and is told the bytes of the text as they come. They count once the answer is here. If
   * the stream breaks off, the node is bound to its beginning, and the answer is that to the same prompt with a lower limit.
   */
  readonly watch?: (bytes: Uint8Array) => void;
}

/** An answer that its node is bound to. */
export interface SessionAnswer {
  /** What it is the answer to, in the order of the version's signature. */
  readonly inputs: readonly NamedTensor[];
  readonly outputs: readonly NamedTensor[];
  readonly receipt: SignedReceipt;
}

/** What the chain has said about a session. */
interface Standing {
  /** Who signs for the node. */
  readonly signer: string;
  /** Since when that is known, unix seconds. */
  readonly signerSince: number;
  /** OPG that vouchers can claim in all at present, base units. */
  readonly most: bigint;
  /** When the chain is asked again, unix seconds. */
  readonly until: number;
}

/** What is asked of the version. */
interface Call {
  readonly inputs: readonly NamedTensor[];
  readonly inputRoot: string;
  /** Of a stream. */
  readonly watch?: SessionInferParameters["watch"] | undefined;
}

/** Milliseconds before a call is sent again. */
const PAUSE = 200;
/** Statuses after which the same call may succeed. */
const AGAIN: readonly number[] = [429, 503];
const CONFLICT = 409;
const UNPAID = 402;
/** Seconds before its end in which a node may refuse calls, because what they earn could not be redeemed. */
const MOST_MARGIN = 3_600;
/** And so much of the longest session there is: one that has just begun is not near its end. */
const MARGIN_PART = 10;
/** Seconds before its end in which calls of a session under these rules may be refused. */
export const marginOf = ({ maxSessionPeriod }: SessionRules): number =>
  Math.min(MOST_MARGIN, Number(maxSessionPeriod) / MARGIN_PART);

/** Inputs under one number that are noted, should the node have served one of them: callers can give up any number. */
const MOST_SENT = 256;
/** And of those, how many are kept here to fetch their answers. */
const MOST_KEPT = 8;

/**
 * Calls a node in a session, one call after the other: each carries a voucher for itself, and the next one is sent only when
 * the answer is here, and a receipt binds the node to it. So at most one call is paid and not answered.
 */
export class SessionClient {
  readonly id: string;
  readonly fields: Session;
  readonly #parameters: Omit<Required<SessionClientParameters>, "signature">;
  readonly #oip: OipClient;
  #line: Promise<unknown> = Promise.resolve();
  #ended: Error | undefined;
  #standing: Standing | undefined;
  #signature: VersionSignature | undefined;
  /** What was sent under the number of the next call, by the root of its input. */
  readonly #kept = new Map<string, Call>();
  /** The good receipt that the node has shown for that number, until the call counts as paid. */
  #shown: SignedReceipt | undefined;

  constructor({ signature, ...parameters }: SessionClientParameters) {
    this.#parameters = { retries: 2, timeout: 30_000, freshPeriod: 30, clockTolerance: 60, ...parameters };
    this.#signature = signature;
    const { client, session, url, timeout } = this.#parameters;
    this.id = sessionIdOf(client, session);
    this.fields = unpackSession(session);
    this.#oip = new OipClient({ url, timeout });
  }

  get packed(): PackedSession {
    return this.#parameters.session;
  }

  /** OPG that calls have cost so far, base units. */
  async spent(): Promise<bigint> {
    return (await this.#progress()).spent;
  }

  /**
   * Runs the session's version on an input. Sent again, a call is the same call: a node that has served it gives the receipt
   * that it gave.
   * @throws SessionInputsError, TensorLengthError; BadReceiptError, also for what is no receipt, SessionEndedError,
   * SessionShortError if nothing more is paid in this session; CutError if a stream broke off, and nobody says what was served;
   * if the call was not served, OipStatusError, OipFormatError, a
   * RangeError for too long an answer, a `TimeoutError`, the reason of the signal, or what `fetch` throws; what provider and
   * store throw.
   */
  infer(parameters: SessionInferParameters): Promise<SessionAnswer> {
    const turn = this.#line.then(() => this.#infer(parameters));
    this.#line = turn.catch(() => undefined);
    return turn;
  }

  async #infer({ inputs: given, signal, watch }: SessionInferParameters): Promise<SessionAnswer> {
    if (this.#ended !== undefined) throw this.#ended;
    signal?.throwIfAborted();
    await this.#checkStanding();
    const inputs = inOrder(given, await this.signature());
    const call: Call = { inputs, inputRoot: payloadRoot(inputs), watch };
    let progress = await this.#progress();
    const isOther = progress.sent.some(({ inputRoot }) => inputRoot !== call.inputRoot);
    if (isOther) progress = await this.#caughtUp(progress, call, signal);
    for (;;) {
      await this.#checkCovered(this.#amountOf(progress));
      progress = await this.#note(progress, call);
      try {
        return await this.#answer(progress, call, signal);
      } catch (error) {
        if (error instanceof CutError) return await this.#remainder(progress, call, error, signal);
        if (hasStatus(error, UNPAID) && this.#isLate())
          throw this.#end("the node serves nothing so near its end", true);
        if (!hasStatus(error, CONFLICT)) throw error;
        // A call that was given up can have been served in the meantime.
        const { next } = progress;
        progress = await this.#caughtUp(progress, call, signal);
        if (progress.next !== next) continue;
        if (this.#shown !== undefined) throw this.#refuse(next, "withheld", this.#shown);
        throw this.#end("the node has served another input under this number");
      }
    }
  }

  /** Gets the answer to a call, checks it, and notes that it is paid. */
  async #answer(progress: SessionProgress, call: Call, signal: AbortSignal | undefined): Promise<SessionAnswer> {
    const { next } = progress;
    const { inputs, inputRoot } = call;
    const reply = await this.#ask(progress, call, signal);
    const receipt = await this.#receiptIn(reply.headers, next);
    await this.#compare(next, receipt);
    await this.#check(progress, inputRoot, receipt, payloadRoot(reply.outputs));
    if (!isNamedAs(reply.outputs, await this.signature())) throw this.#refuse(next, "names", receipt);
    // What could be disputed is kept before it counts as paid: should either fail, the node is asked for the same call again.
    await this.#parameters.store.archive({ receipt, inputs, outputs: reply.outputs });
    await this.#book(progress, receipt);
    return { inputs, outputs: reply.outputs, receipt };
  }

  /** What the node has served of a stream that broke off: it may take a moment until it knows. */
  async #remainder(
    progress: SessionProgress,
    { watch }: Call,
    cut: CutError,
    signal: AbortSignal | undefined,
  ): Promise<SessionAnswer> {
    const { next } = progress;
    for (let left = this.#parameters.retries; ; --left) {
      const receipt = await this.#receiptOf(progress, signal);
      if (receipt !== undefined) {
        const { call } = (await this.#sentAs(progress, receipt.inputRoot)) ?? {};
        if (call === undefined) throw this.#refuse(next, "input", receipt);
        const answer = await this.#answer(progress, { ...call, watch: undefined }, signal);
        const bytes = textBytes(answer.inputs, answer.outputs);
        const { length } = cut.bytes;
        if (cut.bytes.some((byte, i) => byte !== bytes[i])) throw this.#refuse(next, "output", receipt);
        if (bytes.length > length) watch?.(bytes.subarray(length));
        return answer;
      }
      if (left === 0) throw cut;
      await sleep(PAUSE, signal);
      signal?.throwIfAborted();
    }
  }

  async #progress(): Promise<SessionProgress> {
    return (await this.#parameters.store.get(this.id)) ?? FRESH;
  }

  /** OPG that the voucher of the next call is for, base units. */
  #amountOf({ spent }: SessionProgress): bigint {
    return spent + this.fields.callPrice;
  }

  /** Notes what is about to be sent. Sent again, a call is what it was. */
  async #note(progress: SessionProgress, call: Call): Promise<SessionProgress> {
    const { inputs, inputRoot, watch } = call;
    this.#kept.set(inputRoot, call);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    const known = progress.sent.find((sent) => sent.inputRoot === inputRoot);
    if (known !== undefined && (watch === undefined || known.streamed !== undefined)) return progress;
    // What went whole before, and is streamed now, is the same call since then: either of them may have been served.
    const sentAt = known?.sentAt ?? Math.floor(Date.now() / 1_000);
    const one: SentInput = { inputRoot, sentAt, ...(watch && { streamed: hexlify(encodePayload(inputs)) }) };
    const sent = [...progress.sent.filter((input) => input !== known), one].slice(-MOST_SENT);
    const noted = { ...progress, sent };
    await this.#parameters.store.put(this.id, noted);
    return noted;
  }

  /**
   * An earlier call without a receipt may have been served: then its answer is fetched before another one is paid. A node that
   * gives receipts, and no answers, earns one call.
   */
  async #caughtUp(
    progress: SessionProgress,
    { inputRoot }: Call,
    signal: AbortSignal | undefined,
  ): Promise<SessionProgress> {
    const { next, sent } = progress;
    const receipt = await this.#receiptOf(progress, signal);
    if (receipt === undefined) return progress;
    const known = await this.#sentAs(progress, receipt.inputRoot);
    if (known === undefined && sent.length === MOST_SENT) {
      throw this.#end(
        `more than ${MOST_SENT} calls were given up under one number, and the node has served one of them`,
      );
    }
    await this.#check(progress, receipt.inputRoot, receipt);
    if (receipt.inputRoot === inputRoot) return progress;
    const call = known?.call;
    if (call === undefined) return this.#book(progress, receipt); // its input went with the process that sent it
    try {
      await this.#answer(progress, { ...call, watch: undefined }, signal);
    } catch (error) {
      throw hasStatus(error, CONFLICT) ? this.#refuse(next, "withheld", receipt) : error;
    }
    return this.#progress();
  }

  /** The receipt that the node has given under the number of the next call; undefined if it has served none. */
  async #receiptOf({ next }: SessionProgress, signal: AbortSignal | undefined): Promise<SignedReceipt | undefined> {
    const { url } = this.#parameters;
    const voucher = await this.#voucher(0n);
    const receipt = await this.#wellFormed(next, () => askReceipt({ url, sequence: next, voucher, signal }));
    if (receipt !== undefined) await this.#compare(next, receipt);
    return receipt;
  }

  /** What was sent under the number of the next call and has this root, be it the beginning of a stream. */
  async #sentAs(
    { sent }: SessionProgress,
    inputRoot: string,
  ): Promise<{ readonly sentAt: number; readonly call: Call | undefined } | undefined> {
    const whole = sent.find((input) => input.inputRoot === inputRoot);
    if (whole !== undefined) return { sentAt: whole.sentAt, call: this.#kept.get(inputRoot) };
    for (const { sentAt, streamed } of sent) {
      if (streamed === undefined) continue;
      const { inputs: specs } = await this.signature();
      const tensors = decodePayload(getBytes(streamed)).map((tensor, i) => ({ ...tensor, name: specs[i]?.name ?? "" }));
      const inputs = beginningWith(tensors, inputRoot);
      if (inputs !== undefined) return { sentAt, call: { inputs, inputRoot } };
    }
    return undefined;
  }

  #voucher(amount: bigint): Promise<SignedVoucher> {
    const { client, key } = this.#parameters;
    return signVoucher(client, key, { sessionId: this.id, amount });
  }

  async #ask(progress: SessionProgress, { inputs, watch }: Call, signal: AbortSignal | undefined): Promise<TextReply> {
    const { url, retries, timeout } = this.#parameters;
    const voucher = await this.#voucher(this.#amountOf(progress));
    const headers = callHeaders({ sequence: progress.next, voucher });
    for (let left = retries; ; --left) {
      try {
        const asked = { model: this.fields.versionId, inputs, headers, signal };
        if (watch === undefined) return await this.#oip.infer(asked);
        return await askText({ ...asked, url, timeout, watch });
      } catch (error) {
        const pause = error instanceof OipStatusError ? (error.retryAfter ?? 0) * 1_000 : 0;
        // Who is told to wait for longer than for an answer goes elsewhere.
        if (left === 0 || isFinal(error) || pause > timeout || signal?.aborted === true) throw error;
        await sleep(Math.max(pause, PAUSE), signal);
      }
    }
  }

  /**
   * What the session's version takes and gives.
   * @throws NotFoundError if there is no such version; what the provider throws.
   */
  async signature(): Promise<VersionSignature> {
    this.#signature ??= await readSignature(this.#parameters.client, this.fields.versionId);
    return this.#signature;
  }

  async #receiptIn(headers: Headers, sequence: bigint): Promise<SignedReceipt> {
    const text = headers.get(RECEIPT_HEADER);
    if (text === null) throw this.#refuse(sequence, "missing");
    return this.#wellFormed(sequence, () => readReceiptText(text));
  }

  /** What a node gives in place of a receipt is as good as a false one. */
  async #wellFormed<T>(sequence: bigint, read: () => T | Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof SessionFormatError) throw this.#refuse(sequence, "malformed");
      throw error;
    }
  }

  /** Two receipts that state different things prove a lie, whatever else is wrong with the second. */
  async #compare(sequence: bigint, receipt: SignedReceipt): Promise<void> {
    const earlier = this.#shown;
    if (earlier !== undefined && contradicts(earlier, receipt) && (await this.#isSigned(receipt))) {
      throw this.#refuse(sequence, "contradiction", receipt, earlier);
    }
  }

  /**
   * Refuses a receipt that is no good, and keeps a good one: what contradicts it later proves a lie.
   * @param inputRoot Of what the receipt has to be for.
   * @param outputRoot Of what came with the receipt, if anything did.
   */
  async #check(
    progress: SessionProgress,
    inputRoot: string,
    receipt: SignedReceipt,
    outputRoot = receipt.outputRoot,
  ): Promise<void> {
    const { clockTolerance } = this.#parameters;
    const { fields } = this;
    const now = Date.now() / 1_000;
    const { next } = progress;
    const sentAt = (await this.#sentAs(progress, inputRoot))?.sentAt;
    const wrong: readonly (readonly [ReceiptFault, boolean])[] = [
      ["session", receipt.sessionId !== this.id],
      ["sequence", receipt.sequence !== next],
      ["version", receipt.versionId !== fields.versionId.toLowerCase()],
      ["input", sentAt === undefined || receipt.inputRoot !== inputRoot],
      ["output", receipt.outputRoot !== outputRoot],
      ["price", receipt.price > fields.callPrice],
      ["time", receipt.issuedAt < (sentAt ?? now) - clockTolerance || receipt.issuedAt > now + clockTolerance],
    ];
    const fault = wrong.find(([, isWrong]) => isWrong)?.[0] ?? ((await this.#isSigned(receipt)) ? undefined : "signer");
    if (fault !== undefined) throw this.#refuse(next, fault, receipt);
    this.#shown = receipt;
  }

  /** As the chain judges it: by who signed for the node when the receipt was made. */
  async #isSigned(receipt: SignedReceipt): Promise<boolean> {
    const { client } = this.#parameters;
    const { issuedAt } = receipt;
    const signer = receiptSigner(client, receipt);
    if (signer === undefined) return false;
    const { signer: present, signerSince = 0 } = this.#standing ?? {};
    if (signer === present && issuedAt >= signerSince) return true;
    return signer === (await explained(client.staking.signerAt(this.fields.node, issuedAt)));
  }

  async #book({ spent }: SessionProgress, { sequence, price }: SignedReceipt): Promise<SessionProgress> {
    const booked: SessionProgress = { next: sequence + 1n, spent: spent + price, sent: [] };
    await this.#parameters.store.put(this.id, booked);
    this.#kept.clear();
    this.#shown = undefined;
    return booked;
  }

  #isLate(): boolean {
    const { endsAt, rules } = this.fields;
    return Date.now() / 1_000 >= endsAt - marginOf(rules);
  }

  /** Asks the chain, once in a while, whether what answers for the session is still there. */
  async #checkStanding(): Promise<void> {
    if (Date.now() / 1_000 >= this.fields.endsAt) throw this.#end("its time is over", true);
    if (this.#standing === undefined || Date.now() / 1_000 >= this.#standing.until) this.#standing = await this.#look();
  }

  async #look(): Promise<Standing> {
    const { client, freshPeriod } = this.#parameters;
    const { fields } = this;
    const now = Date.now() / 1_000;
    const [record, standing] = await Promise.all([
      getSessionRecord(client, { sessionId: this.id }),
      explained(client.staking.standingOf(fields.node, BigInt(Math.floor(now)))),
    ]);
    if (record.state !== SessionState.Open) throw this.#end("it is not open any more");
    if (now >= sessionEndOf(fields, record)) throw this.#end("its time is over, because somebody has closed it");
    if (!standing.covered) throw this.#end("the node's stake does not cover what it has locked");
    const { signer } = standing;
    const known = this.#standing;
    const signerSince = known?.signer === signer ? known.signerSince : Math.floor(now);
    return { signer, signerSince, most: mostRedeemable(fields, record), until: now + freshPeriod };
  }

  /** What is paid must be there, and what answers for it. Money comes later, too. */
  async #checkCovered(amount: bigint): Promise<void> {
    if (amount <= (this.#standing?.most ?? 0n)) return;
    this.#standing = await this.#look();
    const { most } = this.#standing;
    if (amount > most) throw new SessionShortError(this.id, amount, most);
  }

  #refuse(sequence: bigint, fault: ReceiptFault, receipt?: SignedReceipt, earlier?: SignedReceipt): BadReceiptError {
    const error = new BadReceiptError(this.id, sequence, fault, receipt, earlier);
    this.#ended = error;
    return error;
  }

  #end(reason: string, isOver = false): SessionEndedError {
    const error = new SessionEndedError(this.id, reason, isOver);
    this.#ended = error;
    return error;
  }
}

/** What would come again: a node that has answered in the wrong form, or for too long, has nothing else to give. */
const isFinal = (error: unknown): boolean =>
  error instanceof OipFormatError ||
  error instanceof RangeError ||
  error instanceof SessionFormatError ||
  error instanceof CutError ||
  (error instanceof OipStatusError && !AGAIN.includes(error.status));
