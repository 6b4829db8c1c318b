import { ZeroAddress } from "ethers";

import { entry } from "../NodeBooks.ts";
import { SharePool } from "../SharePool.ts";
import type { View } from "../views.ts";
import { found } from "../World.ts";
import { answer, History } from "./Telling.ts";

/** Holds the thaws of a node's own stake. */
export const OWN = ZeroAddress;
/** In which a standing counts stake. */
const GRAIN = 10n ** 15n;

interface Shares {
  readonly shares: bigint;
  readonly epoch: bigint;
}

interface ToldThaw extends Shares {
  /** Zero once it has been withdrawn or cancelled. */
  readonly endsAt: bigint;
}

interface ToldLock {
  readonly consumer: string;
  readonly obligation: string;
  readonly amount: bigint;
  readonly endsAt: bigint;
}

/** One node's keys, stake and locks. */
export class ToldNode {
  owner: string = ZeroAddress;
  nextOwner: string = ZeroAddress;
  signer: string = ZeroAddress;
  nextSigner: string = ZeroAddress;
  nextSignerAt = 0n;
  commissionBps = 0n;
  nextCommissionBps = 0n;
  nextCommissionAt = 0n;
  ownBonded = 0n;
  earnings = 0n;
  metadataURI = "";
  readonly ownThawing = new SharePool();
  readonly delegated = new SharePool();
  readonly delegatedThawing = new SharePool();
  readonly caps = new Map<string, bigint>();
  readonly locks = new Map<string, ToldLock>();
  private readonly delegations = new Map<string, Shares>();
  private readonly thaws = new Map<string, Map<number, ToldThaw>>();
  private readonly signers = new History();
  private readonly stakes = new History();
  private isCovered = false;

  constructor(readonly id: string) {}

  register(ownStake: bigint, commissionBps: bigint, metadataURI: string): void {
    this.owner = this.id;
    this.ownBonded = ownStake;
    this.commissionBps = commissionBps;
    this.metadataURI = metadataURI;
  }

  activate(signer: string, time: number): void {
    this.signer = signer;
    this.nextSigner = ZeroAddress;
    this.nextSignerAt = 0n;
    this.signers.set(time, BigInt(signer));
  }

  commissionAt(time: number): bigint {
    const changes = this.nextCommissionAt !== 0n && BigInt(time) >= this.nextCommissionAt;
    return changes ? this.nextCommissionBps : this.commissionBps;
  }

  /** Adds to a delegation, or takes from it. */
  join(delegator: string, amount: bigint, shares: bigint): void {
    const { epoch } = this.delegated;
    this.delegations.set(delegator, { shares: this.sharesOf(delegator) + shares, epoch });
    this.delegated.assets += amount;
    this.delegated.shares += shares;
  }

  beginThaw(holder: string, thawId: bigint, amount: bigint, shares: bigint, endsAt: bigint): void {
    const pool = this.thawing(holder);
    pool.assets += amount;
    pool.shares += shares;
    this.thawsOf(holder).set(Number(thawId), { shares, epoch: pool.epoch, endsAt });
  }

  endThaw(holder: string, thawId: bigint, amount: bigint): void {
    const pool = this.thawing(holder);
    const thaw = found(this.thawsOf(holder), Number(thawId));
    pool.assets -= amount;
    pool.shares -= pool.sharesNow(thaw.shares, thaw.epoch);
    this.thawsOf(holder).set(Number(thawId), { shares: 0n, epoch: pool.epoch, endsAt: 0n });
  }

  backing(leastOwnStake: bigint, delegationRatio: bigint): bigint {
    if (this.ownBonded < leastOwnStake) return 0n;
    const most = this.ownBonded * delegationRatio;
    return this.ownBonded + (this.delegated.assets < most ? this.delegated.assets : most);
  }

  /** Brings the standing in line with the books. */
  stand(backing: bigint, time: number): void {
    this.stakes.set(time, backing / GRAIN);
    this.isCovered = this.locked() <= backing;
  }

  stakeAt(time: number): bigint {
    return this.stakes.at(time) * GRAIN;
  }

  answers(now: number): View[] {
    const get = (method: string, args: View["args"], ...values: unknown[]) =>
      answer("staking", method, [this.id, ...args], ...values);
    const { ownThawing, delegated, delegatedThawing } = this;
    return [
      get("ownerOf", [], this.owner, this.nextOwner),
      get("isOperator", [this.owner], true),
      get("signerOf", [], this.signer, this.nextSigner, this.nextSignerAt),
      ...[now, ...this.signers.edges].map((time) => get("signerAt", [time], toAddress(this.signers.at(time)))),
      get("metadataURIOf", [], this.metadataURI),
      get("commissionOf", [], this.commissionAt(now), this.nextCommissionBps, this.nextCommissionAt),
      get("earningsOf", [], this.earnings),
      get("ownStakeOf", [], this.ownBonded, wordsOf(ownThawing)),
      get("delegatedStakeOf", [], wordsOf(delegated), wordsOf(delegatedThawing)),
      ...[now, ...this.stakes.edges].map((time) =>
        get("standingOf", [time], this.signer, this.stakeAt(time), this.isCovered),
      ),
      ...[...this.delegations.keys()].map((delegator) => {
        const shares = this.sharesOf(delegator);
        return get("delegationOf", [delegator], shares, delegated.worth(shares));
      }),
      ...[...this.thaws].flatMap(([holder, thaws]) =>
        [...thaws].map(([thawId, { shares, epoch, endsAt }]) => {
          const pool = this.thawing(holder);
          return get("thawOf", [holder, thawId], endsAt, pool.worth(pool.sharesNow(shares, epoch)));
        }),
      ),
      get("lockedOf", [], this.locked()),
      ...[...this.caps].map(([consumer, cap]) => get("authorisationOf", [consumer], [cap, this.locked(consumer)])),
      ...[...this.locks.values()].map(({ consumer, obligation, amount, endsAt }) =>
        get("lockOf", [consumer, obligation], [amount, endsAt]),
      ),
    ];
  }

  /** By one consumer, or by all. */
  private locked(by?: string): bigint {
    const locks = [...this.locks.values()].filter(({ consumer }) => by === undefined || consumer === by);
    return locks.reduce((sum, { amount }) => sum + amount, 0n);
  }

  private sharesOf(delegator: string): bigint {
    const { shares, epoch } = this.delegations.get(delegator) ?? { shares: 0n, epoch: this.delegated.epoch };
    return this.delegated.sharesNow(shares, epoch);
  }

  private thawing(holder: string): SharePool {
    return holder === OWN ? this.ownThawing : this.delegatedThawing;
  }

  private thawsOf(holder: string) {
    return entry(this.thaws, holder, () => new Map<number, ToldThaw>());
  }
}

const wordsOf = ({ assets, shares, epoch }: SharePool) => [assets, shares, epoch];
const toAddress = (word: bigint): string => `0x${word.toString(16).padStart(40, "0")}`;
