/** How far a price may move between looking and signing, in basis points: rewards and slashes move it. */
const MOST_MOVE_BPS = 100n;
const BPS = 10_000n;

/** The least that one accepts of what one expects. */
export const leastOf = (expected: bigint): bigint => (expected * (BPS - MOST_MOVE_BPS)) / BPS;
