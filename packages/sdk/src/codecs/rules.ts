import { packWord, unpackWord } from "./words.ts";

/** Layout of `JobRules`. */
const LAYOUT = {
  feeBps: 16,
  seatFactorBps: 16,
  absenceBps: 16,
  noResultFeeBps: 16,
  errorFeeBps: 16,
  royaltyCapBps: 16,
  drawnValueCap: 24,
  maxSealPeriod: 16,
  widenSteps: 4,
  appealWidenSteps: 4,
  appealSize: 8,
  activationPeriod: 20,
  revealPeriod: 20,
  appealSealPeriod: 20,
  appealRevealPeriod: 20,
  horizonPeriod: 24,
} as const;

/**
 * The governed numbers that a job lives under. Parts in basis points, periods in seconds, `drawnValueCap` in whole OPG;
 * the struct `Rules` in `contracts/types/JobTypes.sol` says what each means. `horizonPeriod` follows from the others.
 */
export type Rules = Readonly<Record<keyof typeof LAYOUT, bigint>>;

/** Rules as one word. The market computes the horizon itself, so for `setRules` it may be left out. */
export function packRules(rules: Omit<Rules, "horizonPeriod"> & Partial<Rules>): string {
  return packWord(LAYOUT, { horizonPeriod: 0n, ...rules });
}

/** The numbers in a word of rules. */
export function unpackRules(word: string): Rules {
  return unpackWord(LAYOUT, word);
}
