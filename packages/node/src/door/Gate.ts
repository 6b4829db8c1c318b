import PQueue from "p-queue";

import { ClosingError, CrowdedError } from "./errors.ts";

export interface GateLimits {
  /** Calls that may be here at once, from their head to the end of their answer. */
  readonly calls: number;
  /** Of one caller. */
  readonly callsPerCaller: number;
  /** Calls that are run at once; the others wait, first come first served. */
  readonly runs: number;
}

/** Keeps calls within bounds: who does not get in is told so at once, and nobody holds more than a share. */
export class Gate {
  private readonly turns: PQueue;
  private readonly callers = new Map<string, number>();
  private readonly inside = new Set<Promise<unknown>>();
  private isClosed = false;

  constructor(private readonly limits: GateLimits) {
    this.turns = new PQueue({ concurrency: limits.runs });
  }

  get isOpen(): boolean {
    return !this.isClosed;
  }

  /**
   * Has a call inside for as long as it takes.
   * @throws CrowdedError, ClosingError
   */
  async hold<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.isClosed) throw new ClosingError();
    const { calls } = this.limits;
    if (this.inside.size >= calls) throw new CrowdedError(calls, "all callers");
    const held = call();
    this.inside.add(held);
    try {
      return await held;
    } finally {
      this.inside.delete(held);
    }
  }

  /**
   * Counts a call that is inside as one of its caller's.
   * @throws CrowdedError
   */
  async holdFor<Result>(key: string, call: () => Promise<Result>): Promise<Result> {
    const { callsPerCaller } = this.limits;
    const held = this.callers.get(key) ?? 0;
    if (held >= callsPerCaller) throw new CrowdedError(callsPerCaller, "one caller");
    this.callers.set(key, held + 1);
    try {
      return await call();
    } finally {
      const left = (this.callers.get(key) ?? 1) - 1;
      if (left === 0) this.callers.delete(key);
      else this.callers.set(key, left);
    }
  }

  /**
   * Runs when it is its turn, and gives way to the next when it is over.
   * @param signal Ends the waiting. A run that has begun keeps its turn until it is over, since so long it takes the machine.
   */
  async run<Result>(task: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    signal.throwIfAborted();
    const waiting = new AbortController();
    const leave = () => {
      waiting.abort(signal.reason);
    };
    signal.addEventListener("abort", leave, { once: true });
    const begin = () => {
      signal.removeEventListener("abort", leave);
      return task();
    };
    try {
      return await this.turns.add(begin, { signal: waiting.signal });
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  /** Lets nobody in any more; gives back when the last one is out. */
  async close(): Promise<void> {
    this.isClosed = true;
    while (this.inside.size > 0) await Promise.allSettled([...this.inside]);
  }
}
