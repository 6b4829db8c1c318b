/** OPG that many own in shares, kept as `SharePoolLib` keeps it. */
export interface SharePool {
  readonly assets: bigint;
  readonly shares: bigint;
  /** How often shares were counted anew after a slash. */
  readonly epoch: number;
}

/** Shares as they were counted in some epoch. */
export interface Held {
  readonly shares: bigint;
  readonly epoch: number;
}

export const EMPTY_POOL: SharePool = { assets: 0n, shares: 0n, epoch: 0 };

const VIRTUAL_SHARES = 1_000n;
const VIRTUAL_ASSETS = 1n;
const MOST_SHARES_PER_ASSET = 300_000_000_000n;
const EPOCH_BITS = 27n;

/** What shares of an earlier epoch are now. */
export const sharesNow = ({ epoch }: Pick<SharePool, "epoch">, held: Held): bigint =>
  held.shares >> (EPOCH_BITS * BigInt(epoch - held.epoch));

/** What shares are worth now, OPG in base units, rounded down. */
export const worthOf = (pool: SharePool, held: Held): bigint =>
  (sharesNow(pool, held) * (pool.assets + VIRTUAL_ASSETS)) / (pool.shares + VIRTUAL_SHARES);

/** The shares that a pool gives for an amount, rounded down. */
export const sharesFor = (pool: SharePool, amount: bigint): bigint =>
  (amount * (pool.shares + VIRTUAL_SHARES)) / (pool.assets + VIRTUAL_ASSETS);

/** A pool that somebody joined or left; both amounts are negative for who leaves. */
export const moved = (pool: SharePool, assets: bigint, shares: bigint): SharePool => ({
  ...pool,
  assets: pool.assets + assets,
  shares: pool.shares + shares,
});

/** A pool that lost some of its assets. Too many shares for what is left are counted anew. */
export function slashed(pool: SharePool, loss: bigint): SharePool {
  const assets = pool.assets - loss;
  let { shares, epoch } = pool;
  while (shares > MOST_SHARES_PER_ASSET * assets) {
    shares >>= EPOCH_BITS;
    epoch += 1;
  }
  return { assets, shares, epoch };
}
