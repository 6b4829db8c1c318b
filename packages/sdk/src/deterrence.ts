import { answerCollateralOf, type OptimisticJob } from "./codecs/optimisticJob.ts";
import type { OptimisticRules } from "./codecs/optimisticRules.ts";

/** What of an order decides whether a lie pays. */
export type LieTerms = Pick<OptimisticJob, "price" | "valueAtStake" | "auditBps" | "rules">;

/** The liar's part of the enrolled weight, and what else it can do about an audit. */
export interface Liar {
  /** Between 0 and 1. */
  readonly share: number;
  /** Part of the others' weight that is there to audit; by default all. */
  readonly online?: number;
  /**
   * Whether puppets of the liar take three of the four parts of the reward, and a second node of it the price; by default
   * they do.
   */
  readonly puppets?: boolean;
}

/**
 * The chance that an audit's one seat goes to somebody honest. In each step the seats that a draw expects double; who of
 * the liar's nodes is drawn in a step is faster than anybody honest, who has to compute. Nodes are small beside the sum.
 */
export function honestSeatChance(
  { auditSeats, auditSteps }: Pick<OptimisticRules, "auditSeats" | "auditSteps">,
  { share, online = 1 }: Liar,
): number {
  let free = 1; // chance that nobody has sealed yet
  let honest = 0;
  let before = 0;
  for (let step = 0; step <= Number(auditSteps); step++) {
    const expected = (Number(auditSeats) / 10) * 2 ** step;
    const added = expected - before;
    before = expected;
    const noLiar = Math.exp(-added * share);
    const nobodyElse = Math.exp(-added * (1 - share) * online);
    honest += free * noLiar * (1 - nobodyElse);
    free *= noLiar * nobodyElse;
  }
  return honest;
}

/**
 * What a lie costs on average if nobody but an auditor looks, as a multiple of what it gains (price and value at stake).
 * Above 1 lying does not pay. For an order on a chain, with those who are enrolled there, `quoteOptimistic` asks
 * `OptimisticLens`, which computes the same.
 */
export function lieBalanceOf(terms: LieTerms, liar: Liar): number {
  const gain = terms.price + BigInt(terms.valueAtStake) * OPG;
  const lock = answerCollateralOf(terms, terms.price);
  const back = liar.puppets === false ? 0n : comesBack(terms, lock, gain);
  const found = (terms.auditBps / 10_000) * honestSeatChance(terms.rules, liar);
  return (found * Number(lock - back)) / Number(gain);
}

/** What a liar gets of its own lock: of what the requester leaves, the second node's price, and most of the reward. */
function comesBack(terms: LieTerms, lock: bigint, gain: bigint): bigint {
  const reward = ((lock - gain - terms.price) * terms.rules.challengerShareBps) / 10_000n;
  return terms.price + (reward * 3n + 3n) / 4n;
}

const OPG = 10n ** 18n;
