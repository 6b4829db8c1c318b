import type { EventIndex } from "../history/EventIndex.ts";
import { StakeLedger } from "./stakeLedger.ts";
import { stakeEventsOf } from "./stakes.ts";

/** One, in the parts that yields are counted in. */
const ONE = 10n ** 18n;

/** A time from when until when (unix seconds). */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** What delegated stake of a node would have earned and lost in a period. */
export interface PastYield {
  /** In which it was a node, and which ends with the one that was asked for. */
  readonly period: Period;
  /** Part of the stake, compounded; 0.01 is one percent. */
  readonly earned: number;
  /** Part of delegated stake that slashes took. */
  readonly lost: number;
  /** How often it was rewarded, and with what in all, OPG in base units. */
  readonly rewards: number;
  readonly rewarded: bigint;
  /** How often it was slashed, and what of own and delegated stake was taken. */
  readonly slashes: number;
  readonly slashed: bigint;
}

/**
 * What a delegator of a node had in a period for each OPG, told by the rewards and slashes in it. Rewards go to own and
 * delegated stake alike, so those of a node without delegators say what one would have had.
 */
export function pastYieldOf(
  index: EventIndex,
  node: { readonly address: string; readonly registeredAt: number },
  asked: Period,
): PastYield {
  const period = { from: Math.max(asked.from, node.registeredAt), to: asked.to };
  const ledger = new StakeLedger();
  let growth = ONE;
  let left = ONE;
  const sums = { rewards: 0, rewarded: 0n, slashes: 0, slashed: 0n };
  for (const event of stakeEventsOf(index, node.address)) {
    if (event.timestamp > period.to) break;
    if (event.timestamp >= period.from) {
      if (event.name === "NodeRewarded") {
        growth += part(growth, ...rewardRate(ledger, event.args));
        sums.rewards += 1;
        sums.rewarded += event.args.own + event.args.delegated + event.args.commission;
      } else if (event.name === "NodeSlashed") {
        left -= part(left, event.args.delegated, ledger.delegated.assets + ledger.delegatedThawing.assets);
        sums.slashes += 1;
        sums.slashed += event.args.own + event.args.delegated;
      }
    }
    ledger.apply(event);
  }
  return { period, earned: ratio(growth - ONE), lost: ratio(ONE - left), ...sums };
}

/** What a reward was, and of which stake. */
function rewardRate(
  ledger: StakeLedger,
  { own, delegated }: { readonly own: bigint; readonly delegated: bigint },
): readonly [amount: bigint, of: bigint] {
  return delegated > 0n ? [delegated, ledger.delegated.assets] : [own, ledger.own];
}

const part = (whole: bigint, amount: bigint, of: bigint): bigint => (of === 0n ? 0n : (whole * amount) / of);

/** Exact enough to be looked at. */
const ratio = (parts: bigint): number => Number(parts) / Number(ONE);
