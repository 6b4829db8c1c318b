import { demand } from "./Refusal.ts";

/** Shares and assets that belong to nobody. */
const VIRTUAL_SHARES = 1_000n;
const VIRTUAL_ASSETS = 1n;
/** A pool with more shares for an asset than these counts them anew, in larger units. */
const MOST_SHARES_PER_ASSET = 300_000_000_000n;
/** A share of one epoch is as many shares of the epoch before. */
const UNIT = 2n ** 27n;

/** Assets that many own in shares. Every division rounds for those who stay. */
export class SharePool {
  assets = 0n;
  shares = 0n;
  epoch = 0n;

  /** What shares of an earlier epoch count for by now. */
  sharesNow(shares: bigint, epoch: bigint): bigint {
    return shares / UNIT ** (this.epoch - epoch);
  }

  worth(shares: bigint): bigint {
    return (shares * (this.assets + VIRTUAL_ASSETS)) / (this.shares + VIRTUAL_SHARES);
  }

  /** The shares that `deposit` would give. */
  price(assets: bigint): bigint {
    return (assets * (this.shares + VIRTUAL_SHARES)) / (this.assets + VIRTUAL_ASSETS);
  }

  deposit(assets: bigint): bigint {
    const shares = this.price(assets);
    this.assets += assets;
    this.shares += shares;
    return shares;
  }

  redeem(shares: bigint): bigint {
    demand(shares <= this.shares, "Panic", 0x11n);
    const assets = this.redeemable(shares);
    this.assets -= assets;
    this.shares -= shares;
    return assets;
  }

  /** What `redeem` would give. */
  redeemable(shares: bigint): bigint {
    const worth = this.worth(shares);
    return worth < this.assets ? worth : this.assets;
  }

  /** Takes assets from all alike. Where it takes everything, all shares become none. */
  slash(amount: bigint): void {
    this.assets -= amount;
    for (; this.shares > MOST_SHARES_PER_ASSET * this.assets; this.epoch += 1n) this.shares /= UNIT;
  }
}
