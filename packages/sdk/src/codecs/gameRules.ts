import { packWord, unpackWord } from "./words.ts";

/** Layout of `GameRules`. */
const LAYOUT = {
  bondFactor: 8,
  bondFloor: 24,
  respondPeriod: 24,
  pickPeriod: 24,
  revealPeriod: 24,
  judgePeriod: 24,
  demandPeriod: 24,
  demandMarkupBps: 16,
  bondToNodeBps: 16,
  referenceGasPrice: 40,
  opgPerEth: 32,
} as const;

/**
 * The governed numbers that a game lives under. Parts in basis points, periods in seconds, `bondFloor` in whole OPG,
 * `referenceGasPrice` in wei; the struct `DisputeRules` in `contracts/types/DisputeTypes.sol` says what each means.
 */
export type GameRules = Readonly<Record<keyof typeof LAYOUT, bigint>>;

/** Rules as one word. */
export function packGameRules(rules: GameRules): string {
  return packWord(LAYOUT, rules);
}

/** The numbers in a word of rules. */
export function unpackGameRules(word: string): GameRules {
  return unpackWord(LAYOUT, word);
}
