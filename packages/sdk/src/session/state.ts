import type { Tensor } from "../codecs/tensor.ts";
import type { SignedReceipt } from "../actions/sessions/receipts.ts";

/** A call whose voucher is signed, and for which there is no receipt yet. */
export interface PendingCall {
  readonly sequence: bigint;
  readonly inputRoot: string;
  /** What the voucher allows in all, OPG base units. */
  readonly amount: bigint;
  /** When it was sent first, unix seconds. */
  readonly sentAt: number;
}

/** How far a payer has come with a session. */
export interface SessionProgress {
  /** Number of the next call. */
  readonly next: bigint;
  /** OPG that good receipts have cost, base units. */
  readonly spent: bigint;
  readonly pending?: PendingCall | undefined;
}

/** A call that was answered, with all that is needed to check it again. */
export interface AnsweredCall {
  readonly receipt: SignedReceipt;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/**
 * Where a payer keeps what it must not forget: a voucher that is signed twice over the same money can be redeemed twice. What
 * is put must last before the promise resolves.
 */
export interface SessionStore {
  get(sessionId: string): Promise<SessionProgress | undefined>;
  put(sessionId: string, state: SessionProgress): Promise<void>;
  /** Keeps an answered call for as long as it can be disputed. */
  archive(call: AnsweredCall): Promise<void>;
}

export const FRESH: SessionProgress = { next: 1n, spent: 0n };

/** Forgets all with the process: for scripts that open a session and close it. */
export class MemorySessionStore implements SessionStore {
  readonly #states = new Map<string, SessionProgress>();
  readonly #calls: AnsweredCall[] = [];
  readonly #most: number;

  /** @param most Answered calls that are kept, the newest; by default 1,000. */
  constructor(most = 1_000) {
    this.#most = most;
  }

  get(sessionId: string): Promise<SessionProgress | undefined> {
    return Promise.resolve(this.#states.get(sessionId));
  }

  put(sessionId: string, state: SessionProgress): Promise<void> {
    this.#states.set(sessionId, state);
    return Promise.resolve();
  }

  archive(call: AnsweredCall): Promise<void> {
    this.#calls.push(call);
    if (this.#calls.length > this.#most) this.#calls.shift();
    return Promise.resolve();
  }

  /** Answered calls, oldest first. */
  get calls(): readonly AnsweredCall[] {
    return this.#calls;
  }
}
