import { ZeroAddress } from "ethers";

import { SharePool } from "./SharePool.ts";
import { Timeline } from "./Timeline.ts";

/** Stake on its way out. */
export interface Thaw {
  readonly shares: bigint;
  readonly epoch: bigint;
  readonly endsAt: number;
}

/** What the model knows of one node. */
export class NodeBooks {
  owner: string = ZeroAddress;
  nextOwner: string = ZeroAddress;
  signer: string = ZeroAddress;
  nextSigner: string = ZeroAddress;
  nextSignerAt = 0;
  commissionBps = 0n;
  nextCommissionBps = 0n;
  nextCommissionAt = 0;
  earnings = 0n;
  ownBonded = 0n;
  locked = 0n;
  covered = false;
  readonly ownThawing = new SharePool();
  readonly delegated = new SharePool();
  readonly delegatedThawing = new SharePool();
  /** Backing over time, in whole thousandths of OPG. */
  readonly standing = new Timeline();
  /** Who signed when. */
  readonly signers = new Timeline();
  readonly delegations = new Map<string, { readonly shares: bigint; readonly epoch: bigint }>();
  /** By holder; the node's own thaws are those of the zero address. What has ended leaves a gap. */
  readonly thaws = new Map<string, (Thaw | undefined)[]>();
  readonly authorisations = new Map<string, { cap: bigint; locked: bigint }>();
  /** By consumer and obligation. */
  readonly locks = new Map<string, { amount: bigint; endsAt: number }>();

  commissionAt(time: number): bigint {
    return this.nextCommissionAt !== 0 && time >= this.nextCommissionAt ? this.nextCommissionBps : this.commissionBps;
  }

  sharesOf(delegator: string): bigint {
    const delegation = this.delegations.get(delegator);
    return delegation === undefined ? 0n : this.delegated.sharesNow(delegation.shares, delegation.epoch);
  }

  thawsOf(holder: string): (Thaw | undefined)[] {
    return entry(this.thaws, holder, () => []);
  }

  authorisation(consumer: string): { cap: bigint; locked: bigint } {
    return entry(this.authorisations, consumer, () => ({ cap: 0n, locked: 0n }));
  }

  lock(consumer: string, obligation: string): { amount: bigint; endsAt: number } {
    return entry(this.locks, `${consumer} ${obligation}`, () => ({ amount: 0n, endsAt: 0 }));
  }

  /** The pool that a holder's thaws have shares of. */
  thawing(holder: string): SharePool {
    return holder === ZeroAddress ? this.ownThawing : this.delegatedThawing;
  }
}

/** The value of a key, made when it is first asked for: as storage has a value for every key. */
export function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
