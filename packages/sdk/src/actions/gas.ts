/** Gas beyond the estimate, in percent: what others do between the estimate and the block changes what a call costs. */
const MARGIN = 120n;

/**
 * Gas for two entries of histories (of stake, of weight), the first ones there: two slots each that go from zero to
 * something, 22,100 by EIP-2929 and EIP-2200. An estimate is made in the second of the last block, in which what somebody
 * has just written is written over; a block later it leaves an entry behind.
 */
const HISTORY = 90_000n;

/** The gas limit to send a call of the protocol with, by the estimate of a node. What is not used is not paid. */
export function gasLimitOf(estimate: bigint): bigint {
  return (estimate * MARGIN) / 100n + HISTORY;
}
