/** Gas that a reveal can cost: it must be affordable before a seal is sent. */
export const REVEAL_GAS = 70_000n;

/** Gas of unpacking so many seals: a slot for each. A node that lets others post its seal can be left with that, too. */
export const unpackGas = (seals: number): bigint => 60_000n + 27_000n * BigInt(seals);

/** Gas of a defence at its dearest, which must be affordable before anything is stated: 256 nodes, and 1,024 words. */
export const DEFENCE_GAS = 1_900_000n;
