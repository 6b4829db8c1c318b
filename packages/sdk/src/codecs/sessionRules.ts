import { packWord, unpackWord } from "./words.ts";

/** Layout of `SessionRules`. */
const LAYOUT = {
  feeBps: 16,
  royaltyCapBps: 16,
  challengerShareBps: 16,
  exposureBps: 16,
  leastLockCalls: 24,
  disputeBond: 24,
  closeNoticePeriod: 24,
  receiptHorizonPeriod: 24,
  maxSessionPeriod: 24,
  horizonPeriod: 24,
} as const;

/**
 * The governed numbers that a session lives under. Parts in basis points, periods in seconds, `disputeBond` in whole OPG; the
 * struct `SessionNumbers` in `contracts/types/SessionTypes.sol` says what each means. `horizonPeriod` follows from the others.
 */
export type SessionRules = Readonly<Record<keyof typeof LAYOUT, bigint>>;

/** Rules as one word. The contract computes the horizon itself, so for `setRules` it may be left out. */
export function packSessionRules(rules: Omit<SessionRules, "horizonPeriod"> & Partial<SessionRules>): string {
  return packWord(LAYOUT, { horizonPeriod: 0n, ...rules });
}

/** The numbers in a word of rules. */
export function unpackSessionRules(word: string): SessionRules {
  return unpackWord(LAYOUT, word);
}
