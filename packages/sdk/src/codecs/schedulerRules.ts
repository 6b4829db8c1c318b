import { packWord, unpackWord } from "./words.ts";

/** Layout of `SchedulerRules`. */
const LAYOUT = { leastInterval: 24, keeperFloorBps: 16, keeperCapBps: 24, keeperRampPeriod: 16 } as const;

/**
 * The governed numbers of runs. Parts in basis points, periods in seconds; the struct `SchedulerNumbers` in
 * `contracts/types/SchedulerTypes.sol` says what each means.
 */
export type SchedulerRules = Readonly<Record<keyof typeof LAYOUT, bigint>>;

/** Rules as one word. */
export function packSchedulerRules(rules: SchedulerRules): string {
  return packWord(LAYOUT, rules);
}

/** The numbers in a word of rules. */
export function unpackSchedulerRules(word: string): SchedulerRules {
  return unpackWord(LAYOUT, word);
}

/** The part of a run's gas that its keeper gets so many seconds after the run was due, basis points. */
export function keeperBpsOf(rules: SchedulerRules, lateness: bigint): bigint {
  const { keeperFloorBps: floor, keeperCapBps: cap, keeperRampPeriod: ramp } = rules;
  return lateness >= ramp ? cap : floor + ((cap - floor) * lateness) / ramp;
}
