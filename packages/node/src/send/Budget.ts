import type { Journal } from "../journal/Journal.ts";

/**
 * What must be sent whatever it costs: a seal that is not revealed costs collateral, and so does a clock of a dispute that is
 * missed. Each seal and each challenge had to leave room for it, and an answer needs the coin for its defence. What a session
 * owes is lost when its end has come.
 */
const OWED: ReadonlySet<string> = new Set([
  "unpack to reveal",
  "reveal",
  "respond",
  "show",
  "supply",
  "pick",
  "judge",
  "redeem last",
]);

export const isOwed = (kind: string): boolean => OWED.has(kind);

const WINDOW = 24 * 60 * 60 * 1000;

/** The node has spent what it may in a day. */
export class BudgetExceededError extends Error {
  constructor(
    readonly kind: string,
    readonly spent: bigint,
    readonly cost: bigint,
    readonly limit: bigint,
  ) {
    super(
      `Sending ${kind} (${cost} wei) would exceed the daily limit of ${limit} wei, of which ${spent} are spent (limits.gasPerDay).`,
    );
    this.name = "BudgetExceededError";
  }
}

/** Most gas that the node may pay for in any 24 hours, restarts included. */
export class Budget {
  constructor(
    private readonly journal: Journal,
    /** Wei. */
    private readonly limit: bigint,
  ) {}

  /**
   * @param reserve Wei that must stay free for what this action will make necessary: a seal needs its reveal.
   * @throws BudgetExceededError
   */
  check(kind: string, cost: bigint, reserve: bigint): void {
    if (isOwed(kind)) return;
    const spent = this.spent();
    if (spent + cost + reserve > this.limit) throw new BudgetExceededError(kind, spent, cost, this.limit);
  }

  /** Wei that the last 24 hours can have cost at most. */
  spent(): bigint {
    return this.journal.spentSince(Date.now() - WINDOW);
  }
}
