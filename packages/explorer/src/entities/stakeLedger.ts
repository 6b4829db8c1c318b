import type { TimedEventNamed } from "../history/EventIndex.ts";
import { EMPTY_POOL, type Held, moved, sharesNow, type SharePool, slashed, worthOf } from "./sharePool.ts";

/** Events that move stake; each names its node. */
export const STAKE_EVENTS = [
  "NodeRegistered",
  "OwnStakeAdded",
  "OwnStakeThawing",
  "OwnStakeRebonded",
  "OwnStakeWithdrawn",
  "Delegated",
  "DelegationThawing",
  "DelegationRebonded",
  "DelegationWithdrawn",
  "NodeSlashed",
  "NodeRewarded",
  "EarningsWithdrawn",
] as const;

export type StakeEvent = TimedEventNamed<(typeof STAKE_EVENTS)[number]>;

/** Stake on its way out. */
export interface Thaw extends Held {
  readonly id: bigint;
  /** Undefined: own stake of the node. */
  readonly delegator: string | undefined;
  /** When it began, OPG in base units; a slash since has made it less. */
  readonly amount: bigint;
  readonly beganAt: number;
  readonly endsAt: number;
  readonly tx: string;
}

/** What an account has in a node's delegated pool, and what went in and out. */
export interface Delegation extends Held {
  /** OPG in base units, since the beginning. */
  readonly paidIn: bigint;
  readonly takenOut: bigint;
}

/** The stake of one node, brought forward event by event. OPG in base units. */
export class StakeLedger {
  /** Bonded. */
  own = 0n;
  ownThawing: SharePool = EMPTY_POOL;
  delegated: SharePool = EMPTY_POOL;
  delegatedThawing: SharePool = EMPTY_POOL;
  /** Commission that the owner has not taken yet. */
  earnings = 0n;
  /** All that slashes took. */
  slashed = 0n;
  readonly #delegations = new Map<string, Delegation>();
  readonly #thaws = new Map<string, Thaw>();

  /** The ledger after a node's events, oldest first. */
  static after(events: readonly StakeEvent[]): StakeLedger {
    const ledger = new StakeLedger();
    for (const event of events) ledger.apply(event);
    return ledger;
  }

  /** By delegator; those who left have no shares. */
  get delegations(): ReadonlyMap<string, Delegation> {
    return this.#delegations;
  }

  /** What still thaws, or waits to be withdrawn; the first to end comes first. */
  get thaws(): readonly Thaw[] {
    return [...this.#thaws.values()].sort((a, b) => a.endsAt - b.endsAt);
  }

  /** What a thaw is worth now. */
  worthOfThaw(thaw: Thaw): bigint {
    return worthOf(thaw.delegator === undefined ? this.ownThawing : this.delegatedThawing, thaw);
  }

  apply(event: StakeEvent): void {
    switch (event.name) {
      case "NodeRegistered":
        this.own += event.args.ownStake;
        break;
      case "OwnStakeAdded":
        this.own += event.args.amount;
        break;
      case "NodeSlashed":
        this.#slash(event);
        break;
      case "NodeRewarded":
        this.own += event.args.own;
        this.delegated = moved(this.delegated, event.args.delegated, 0n);
        this.earnings += event.args.commission;
        break;
      case "EarningsWithdrawn":
        this.earnings -= event.args.amount;
        break;
      case "OwnStakeThawing":
      case "OwnStakeRebonded":
      case "OwnStakeWithdrawn":
        this.#moveOwn(event);
        break;
      default:
        this.#moveDelegated(event);
    }
  }

  #slash({ args }: TimedEventNamed<"NodeSlashed">): void {
    const { own, ownThawing, delegated, delegatedThawing } = args;
    this.own -= own - ownThawing;
    this.ownThawing = slashed(this.ownThawing, ownThawing);
    this.delegated = slashed(this.delegated, delegated - delegatedThawing);
    this.delegatedThawing = slashed(this.delegatedThawing, delegatedThawing);
    this.slashed += own + delegated;
  }

  #moveOwn(event: OwnThawEvent): void {
    const { thawId, amount } = event.args;
    if (event.name === "OwnStakeThawing") {
      const { shares, endsAt } = event.args;
      this.own -= amount;
      this.#beginThaw(event, { shares, epoch: this.ownThawing.epoch }, endsAt, undefined);
      this.ownThawing = moved(this.ownThawing, amount, shares);
      return;
    }
    this.ownThawing = this.#endThaw(this.ownThawing, thawKey(thawId), amount);
    if (event.name === "OwnStakeRebonded") this.own += amount;
  }

  #moveDelegated(event: DelegationEvent): void {
    const { delegator, amount } = event.args;
    if (event.name === "Delegated") {
      this.#join(delegator, amount, event.args.shares);
    } else if (event.name === "DelegationThawing") {
      const { shares, thawShares, endsAt } = event.args;
      this.#join(delegator, -amount, -shares);
      this.#beginThaw(event, { shares: thawShares, epoch: this.delegatedThawing.epoch }, endsAt, delegator);
      this.delegatedThawing = moved(this.delegatedThawing, amount, thawShares);
    } else {
      const key = thawKey(event.args.thawId, delegator);
      this.delegatedThawing = this.#endThaw(this.delegatedThawing, key, amount);
      if (event.name === "DelegationRebonded") this.#join(delegator, amount, event.args.shares);
    }
  }

  /** A delegator put in `amount` for `shares`, or took it out where both are negative. */
  #join(delegator: string, amount: bigint, shares: bigint): void {
    const { epoch } = this.delegated;
    const before = this.#delegations.get(delegator) ?? { shares: 0n, epoch, paidIn: 0n, takenOut: 0n };
    this.#delegations.set(delegator, {
      shares: sharesNow(this.delegated, before) + shares,
      epoch,
      paidIn: before.paidIn + (amount > 0n ? amount : 0n),
      takenOut: before.takenOut - (amount < 0n ? amount : 0n),
    });
    this.delegated = moved(this.delegated, amount, shares);
  }

  #beginThaw(event: ThawBegin, held: Held, endsAt: bigint, delegator: string | undefined): void {
    const { thawId: id, amount } = event.args;
    const { timestamp: beganAt, transactionHash: tx } = event;
    this.#thaws.set(thawKey(id, delegator), {
      ...{ ...held, id, delegator, amount, beganAt, tx },
      endsAt: Number(endsAt),
    });
  }

  /** What thaws, without a thaw that ended and paid `amount`. */
  #endThaw(pool: SharePool, key: string, amount: bigint): SharePool {
    const thaw = this.#thaws.get(key);
    this.#thaws.delete(key);
    return moved(pool, -amount, thaw === undefined ? 0n : -sharesNow(pool, thaw));
  }
}

type OwnThawEvent = TimedEventNamed<"OwnStakeThawing" | "OwnStakeRebonded" | "OwnStakeWithdrawn">;
type DelegationEvent = TimedEventNamed<
  "Delegated" | "DelegationThawing" | "DelegationRebonded" | "DelegationWithdrawn"
>;
type ThawBegin = TimedEventNamed<"OwnStakeThawing" | "DelegationThawing">;

const thawKey = (id: bigint, delegator = ""): string => `${delegator}:${id.toString()}`;
