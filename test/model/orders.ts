import { encodeBytes32String, MaxUint256, toBeHex, ZeroAddress, ZeroHash } from "ethers";

import { roundId } from "../../packages/sdk/src/codecs/commitment.ts";
import { type Job, jobId, packOrder, unpackJob, type Order } from "../../packages/sdk/src/codecs/job.ts";
import { packRules, unpackRules } from "../../packages/sdk/src/codecs/rules.ts";
import type { Clock } from "./Clock.ts";
import { JobModel, type RuleNumbers } from "./JobModel.ts";
import { SEED_DELAY } from "./policy.ts";
import { demand } from "./Refusal.ts";
import { RoundModel, type RoundPlace } from "./RoundModel.ts";

const MOST_URI_BYTES = 256;

/** What was fixed when the suite was deployed. */
export interface MarketConstants extends RoundPlace {
  readonly address: string;
  readonly admin: string;
  readonly seedDelayPeriod: number;
  readonly seedPeriod: number;
  /** Longest window, longest game, and the time in which challengers enter among the sharers. */
  readonly disputePeriod: number;
  readonly leastSealPeriod: number;
  readonly mostInputBytes: number;
}

/** What the market adds to an order. */
interface Terms {
  readonly rules: string;
  readonly royalty: bigint;
  readonly payee: string;
}

/** Refuses an order with a field outside its bounds. */
export function checkOrder(order: Order, rules: RuleNumbers, constants: MarketConstants): void {
  within("inputRoot", order.inputRoot === ZeroHash ? 0 : 1, 1, MaxUint256);
  within("seatPrice", order.seatPrice, 1, (1n << 96n) - 1n);
  within("auditBps", order.auditBps ?? 0, 0, 10_000);
  within("quorum", order.quorum, 2, 15);
  within("sealPeriod", order.sealPeriod, constants.leastSealPeriod, rules.maxSealPeriod);
  const called = (order.callback ?? ZeroAddress) !== ZeroAddress;
  within("callbackGas", order.callbackGas ?? 0, called ? 25_000 : 0, called ? 1_000_000 : 0);
  if (!called) within("deliveryTip", order.deliveryTip ?? 0n, 0, 0);
}

/** Refuses what can only be ordered of a version with a referee: the model's versions have none. */
export function checkUnrefereed(order: Order, rules: RuleNumbers): void {
  within("windowPeriod", order.windowPeriod ?? 0, 0, 0);
  within("collateralFactor", order.collateralFactor, 2 * rules.appealSize + 2, 65_535);
}

/** An input in place is longer than none; what is not in place is a URI. */
export function checkInput(bytes: number, mostInputBytes: number): void {
  within("input", bytes, 1, bytes > 0 ? MOST_URI_BYTES : mostInputBytes);
}

type Amount = number | bigint;

export function within(field: string, given: Amount, least: Amount, most: Amount): void {
  demand(given >= least && given <= most, "MarketTermOutOfBounds", encodeBytes32String(field), given, least, most);
}

/** The job that an order becomes here and now. */
export function place(order: Order, terms: Terms, constants: MarketConstants, clock: Clock): JobModel {
  const { now, block } = clock;
  const draft = packOrder(order);
  const packed = {
    ...draft,
    royalty: toBeHex(BigInt(terms.payee) | (terms.royalty << 160n), 32),
    shape: toBeHex(BigInt(draft.shape) | (BigInt(now) << 160n) | (BigInt(block) << 208n), 32),
    rules: terms.rules,
  };
  const { chainId, commitments, address: consumer } = constants;
  const id = jobId(chainId, consumer, packed);
  const { versionId, inputRoot } = order;
  const round = (attempt: number) => {
    const key = { chainId, commitments, consumer, jobId: id, attempt, versionId, inputRoot };
    return new RoundModel(roundId(key), constants, clock);
  };
  return new JobModel(
    id,
    packed,
    lowerCased(unpackJob(packed)),
    numbersOf(terms.rules),
    [round(0), round(1), round(2)],
    block + SEED_DELAY,
    now + constants.seedDelayPeriod,
  );
}

/**
 * Rules with the longest time from a seal to the last clock of its job, whether that is an appeal's or a dispute's. Refuses
 * any as long as a thaw.
 */
export function completed(
  rules: string,
  marginPeriod: number,
  thawPeriod: number,
  { seedPeriod, disputePeriod }: Pick<MarketConstants, "seedPeriod" | "disputePeriod">,
): string {
  const r = numbersOf(rules);
  const first = seedPeriod + (1 + r.widenSteps) * r.maxSealPeriod + r.revealPeriod;
  const later = 2 * seedPeriod + (1 + r.appealWidenSteps) * r.appealSealPeriod + r.appealRevealPeriod;
  const horizons = [2 * later, disputePeriod].map((last) => first + last + marginPeriod);
  for (const horizon of horizons) demand(horizon < thawPeriod, "PolicyDeadlinesDoNotNest", horizon, thawPeriod);
  return packRules({ ...unpackRules(rules), horizonPeriod: BigInt(Math.max(...horizons)) });
}

export function numbersOf(rules: string): RuleNumbers {
  return Object.fromEntries(Object.entries(unpackRules(rules)).map(([k, v]) => [k, Number(v)])) as RuleNumbers;
}

/** The model writes addresses in lower case, so that they sort as the contracts compare them. */
function lowerCased(job: Job): Job {
  const { requester, callback, royaltyPayee } = job;
  return {
    ...job,
    requester: requester.toLowerCase(),
    callback: callback.toLowerCase(),
    royaltyPayee: royaltyPayee.toLowerCase(),
  };
}
