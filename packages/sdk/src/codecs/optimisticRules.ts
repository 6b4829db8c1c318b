import { packWord, unpackWord } from "./words.ts";

/** Layout of `OptimisticRules`. */
const LAYOUT = {
  feeBps: 16,
  royaltyCapBps: 16,
  deterrence: 8,
  latePenaltyFactor: 8,
  finisherShareBps: 16,
  challengerShareBps: 16,
  disputeBond: 24,
  maxAnswerPeriod: 24,
  mostWindowPeriod: 24,
  horizonPeriod: 24,
  absenceBps: 16,
  auditSeats: 8,
  auditSteps: 8,
  auditSealPeriod: 16,
  auditRevealPeriod: 24,
} as const;

/**
 * The governed numbers that a job for one node lives under. Parts in basis points, periods in seconds, `deterrence` and
 * `auditSeats` in tenths, `disputeBond` in whole OPG; the struct `OptimisticNumbers` in `contracts/types/OptimisticTypes.sol` says what each
 * means. `horizonPeriod` follows from the others.
 */
export type OptimisticRules = Readonly<Record<keyof typeof LAYOUT, bigint>>;

/** Rules as one word. The market computes the horizon itself, so for `setRules` it may be left out. */
export function packOptimisticRules(rules: Omit<OptimisticRules, "horizonPeriod"> & Partial<OptimisticRules>): string {
  return packWord(LAYOUT, { horizonPeriod: 0n, ...rules });
}

/** The numbers in a word of rules. */
export function unpackOptimisticRules(word: string): OptimisticRules {
  return unpackWord(LAYOUT, word);
}
