/** What somebody chooses who orders, and the terms that it becomes. Pure. */
import type { OptimisticTerms, OrderTerms } from "@opg-protocol/sdk";

/** Bounds of an order that the deployment sets. Times in seconds. */
export interface OrderLimits {
  readonly leastSealPeriod: number;
  readonly maxSealPeriod: number;
  readonly leastWindowPeriod: number;
  readonly maxAnswerPeriod: number;
  /** Most bytes of an input that travels with its order. */
  readonly mostInputBytes: number;
}

/** Several nodes answer, or one. Numbers that are not typed yet are undefined. */
export interface Choice {
  readonly market: "market" | "optimistic";
  /** OPG, base units: what each right answer earns. */
  readonly price: bigint | undefined;
  /** Nodes that must agree, 2 to 15. */
  readonly quorum: number | undefined;
  readonly sealPeriod: number | undefined;
  /** Who answers alone; empty: whoever takes it. */
  readonly node: string;
  readonly answerPeriod: number | undefined;
  /** Whole OPG that a false answer can cost beyond the price. */
  readonly valueAtStake: number | undefined;
  /** Percent. */
  readonly auditPercent: number;
}

/** Terms of an order in one of the markets, without the input. */
export type ChosenTerms =
  | { readonly market: "market"; readonly terms: OrderTerms }
  | { readonly market: "optimistic"; readonly terms: OptimisticTerms };

export const LEAST_QUORUM = 2;
export const MOST_QUORUM = 15;
export const LEAST_ANSWER_PERIOD = 5;
const OPG = 10n ** 18n;
/** Chances of an audit that are offered, percent. */
export const AUDITS = [0, 5, 10, 25, 50, 100];
const BPS_PER_PERCENT = 100;
/** Seconds that an answer may take unless the network allows less. */
const USUAL_ANSWER_PERIOD = 600;
/** Of an open job: the price rises from a half within this time, seconds. */
const RAMP = 60;
/** Prices of one node are whole millionths. */
const PRICE_UNIT = 10n ** 12n;

/** What is chosen as long as nobody has chosen anything. */
export function firstChoice(
  limits: OrderLimits,
  served: { readonly drawn: number; readonly alone: readonly string[] },
): Choice {
  return {
    market: served.drawn < LEAST_QUORUM && served.alone.length > 0 ? "optimistic" : "market",
    price: OPG,
    quorum: LEAST_QUORUM,
    // Twice the least leaves a slow node time, and costs nothing when all are quick.
    sealPeriod: Math.min(limits.maxSealPeriod, 2 * limits.leastSealPeriod),
    node: served.alone[0] ?? "",
    answerPeriod: Math.max(LEAST_ANSWER_PERIOD, Math.min(USUAL_ANSWER_PERIOD, Math.floor(limits.maxAnswerPeriod / 2))),
    valueAtStake: 0,
    auditPercent: 0,
  };
}

/** The terms of a choice; undefined as long as something is missing. */
export function termsOf(choice: Choice, versionId: string, limits: OrderLimits): ChosenTerms | undefined {
  const { price, auditPercent } = choice;
  if (price === undefined || price === 0n) return undefined;
  const auditBps = auditPercent * BPS_PER_PERCENT;
  if (choice.market === "market") {
    const { quorum, sealPeriod } = choice;
    if (quorum === undefined || sealPeriod === undefined) return undefined;
    // The least factor that the market takes comes with the quote.
    return {
      market: "market",
      terms: { versionId, seatPrice: price, quorum, sealPeriod, auditBps, collateralFactor: 0 },
    };
  }
  const { node, answerPeriod, valueAtStake } = choice;
  if (answerPeriod === undefined || valueAtStake === undefined) return undefined;
  const common = { versionId, answerPeriod, valueAtStake, auditBps, windowPeriod: limits.leastWindowPeriod };
  const whole = price - (price % PRICE_UNIT);
  if (node !== "") return { market: "optimistic", terms: { ...common, price: whole, node } };
  const half = whole / 2n;
  const lowestPrice = half - (half % PRICE_UNIT);
  return { market: "optimistic", terms: { ...common, price: whole, lowestPrice, auctionDelay: 0, auctionRamp: RAMP } };
}
