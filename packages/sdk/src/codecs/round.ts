import { unpackWord } from "./words.ts";

const ROUND = {
  sealEndsAt: 48,
  lastSealEndsAt: 48,
  revealPeriod: 32,
  least: 8,
  most: 8,
  sealedCount: 8,
  revealedCount: 8,
  leaderCount: 8,
  lastRevealBlock: 48,
  windowPeriod: 32,
} as const;
/** Where the mark is that the seals are packed. */
const MARK = 248n;

/** Clock and counts of a round. Times in unix seconds. */
export interface Round extends Readonly<Record<keyof typeof ROUND, number>> {
  /** Storage has one hash of all seals, and no entry of any node. */
  readonly isPacked: boolean;
}

/** The fields of a round's word, as `roundOf` and `RoundOpened` give it. */
export function unpackRound(word: bigint): Round {
  const fields = Object.entries(unpackWord(ROUND, word)).map(([field, value]) => [field, Number(value)]);
  const isPacked = ((word >> MARK) & 1n) === 1n;
  return { ...(Object.fromEntries(fields) as Omit<Round, "isPacked">), isPacked };
}

/** When sealing ends, as far as is known at `time`: with the running step, unless that has ended with too few seals. */
export function sealingEndsAt(round: Round, time: number): number {
  const goesOn = time >= round.sealEndsAt && round.sealedCount < round.least;
  return goesOn ? round.lastSealEndsAt : round.sealEndsAt;
}

/** When revealing ends, as far as is known at `time`. */
export const revealEndsAt = (round: Round, time: number): number => sealingEndsAt(round, time) + round.revealPeriod;

/** When what the round states can be disputed no more, as far as is known at `time`; zero where it never could. */
export const disputableUntil = (round: Round, time: number): number =>
  round.windowPeriod === 0 ? 0 : revealEndsAt(round, time) + round.windowPeriod;
