import { type Revertible, saveMap } from "./atomically.ts";
import type { Clock } from "./Clock.ts";
import { entry } from "./NodeBooks.ts";
import { demand } from "./Refusal.ts";
import type { SlashingResult, StakingModel } from "./StakingModel.ts";

/** What a node serves of a version, and what of its stake answers for that. */
export interface Serving {
  maxLock: bigint;
  used: bigint;
  earned: bigint;
  endsAt: number;
}

/** What nodes serve at a consumer of their stake: what IMarketServing says. */
export class SeatBook implements Revertible {
  private readonly servings = new Map<string, Serving>();

  constructor(
    /** Of the consumer. */
    private readonly address: string,
    private readonly clock: Clock,
    private readonly staking: StakingModel,
  ) {}

  of(node: string, version: string): Serving {
    return entry(this.servings, `${node} ${version}`, () => ({ maxLock: 0n, used: 0n, earned: 0n, endsAt: 0 }));
  }

  serve(caller: string, node: string, version: string, maxLock: bigint, endsAt: number): void {
    const serving = this.operated(caller, node, version);
    demand(maxLock >= serving.used, "MarketLockInUse", node, version, maxLock, serving.used);
    this.staking.lock(this.address, node, version, maxLock, endsAt);
    serving.maxLock = maxLock;
    serving.endsAt = endsAt;
  }

  unserve(caller: string, node: string, version: string): void {
    const serving = this.operated(caller, node, version);
    this.staking.unlock(this.address, node, version, serving.maxLock - serving.used);
    serving.maxLock = serving.used;
  }

  claim(_caller: string, node: string, version: string): void {
    const serving = this.of(node, version);
    this.staking.reward(this.address, node, serving.earned);
    serving.earned = 0n;
  }

  /** Lets collateral answer for one more seat that can last until then. */
  take(node: string, version: string, collateral: bigint, until: number): void {
    const serving = this.of(node, version);
    const needed = serving.used + collateral;
    const free = needed <= serving.maxLock && serving.endsAt >= until;
    demand(free, "MarketLockTooSmall", node, version, needed, serving.maxLock, until, serving.endsAt);
    serving.used = needed;
  }

  vacate(node: string, version: string, collateral: bigint, pay: bigint): void {
    const serving = this.of(node, version);
    serving.used -= collateral;
    serving.earned += pay;
  }

  /** Takes what a seat has lost that is vacated already; the lock answers for so much less. */
  slash(node: string, version: string, lost: bigint, harm: bigint, compensation: bigint): SlashingResult {
    const serving = this.of(node, version);
    serving.maxLock -= lost < serving.maxLock ? lost : serving.maxLock;
    return this.staking.slash(this.address, node, version, lost, harm, compensation);
  }

  /** All that nodes can claim. */
  get owed(): bigint {
    return [...this.servings.values()].reduce((sum, { earned }) => sum + earned, 0n);
  }

  save(): () => void {
    return saveMap(this.servings, (serving) => ({ ...serving }));
  }

  private operated(caller: string, node: string, version: string): Serving {
    demand(this.staking.isOperator(node, caller), "MarketNotOperator", node, caller);
    return this.of(node, version);
  }
}
