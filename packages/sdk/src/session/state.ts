import type { Tensor } from "../codecs/tensor.ts";
import type { SignedReceipt } from "../actions/sessions/receipts.ts";

/** An input that was sent, and for which there is no receipt yet. */
export interface SentInput {
  readonly inputRoot: string;
  /** When it was sent first, unix seconds. */
  readonly sentAt: number;
  /** Of a text that was asked for as a stream, the payload in hex: the node may have served any beginning of it. */
  readonly streamed?: string;
}

/** How far a payer has come with a session. */
export interface SessionProgress {
  /** Number of the next call. */
  readonly next: bigint;
  /** OPG that good receipts have cost, base units. */
  readonly spent: bigint;
  /** What was sent under the number of the next call, oldest first: the node may have served any of it. */
  readonly sent: readonly SentInput[];
}

/** A call that was answered, with all that is needed to check it again. */
export interface AnsweredCall {
  readonly receipt: SignedReceipt;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/**
 * Where a payer keeps what it must not forget: who has lost its place gets no further in a session, and takes an honest receipt
 * for a false one. What is put must last before the promise resolves.
 */
export interface SessionStore {
  get(sessionId: string): Promise<SessionProgress | undefined>;
  put(sessionId: string, progress: SessionProgress): Promise<void>;
  /** Keeps an answered call for as long as it can be disputed; once, if it comes again under the same session and number. */
  archive(call: AnsweredCall): Promise<void>;
}

export const FRESH: SessionProgress = { next: 1n, spent: 0n, sent: [] };

/** Forgets all with the process: for scripts that open a session and close it. */
export class MemorySessionStore implements SessionStore {
  readonly #progress = new Map<string, SessionProgress>();
  readonly #calls = new Map<string, AnsweredCall>();
  readonly #mostCalls: number;

  /** @param mostCalls Answered calls that are kept, the newest; by default none, which suits who audits nothing. */
  constructor(mostCalls = 0) {
    this.#mostCalls = mostCalls;
  }

  get(sessionId: string): Promise<SessionProgress | undefined> {
    return Promise.resolve(this.#progress.get(sessionId));
  }

  put(sessionId: string, progress: SessionProgress): Promise<void> {
    this.#progress.set(sessionId, progress);
    return Promise.resolve();
  }

  archive(call: AnsweredCall): Promise<void> {
    const { sessionId, sequence } = call.receipt;
    this.#calls.set(`${sessionId}/${sequence}`, call);
    const [oldest] = this.#calls.keys();
    if (this.#calls.size > this.#mostCalls && oldest !== undefined) this.#calls.delete(oldest);
    return Promise.resolve();
  }

  /** Answered calls, oldest first. */
  get calls(): readonly AnsweredCall[] {
    return [...this.#calls.values()];
  }
}
