import hre, { network } from "hardhat";

import { stopClock } from "./clock.ts";

stopClock();

/** One chain for all test files; `loadFixture` brings it back to a named state. */
const connection = await network.getOrCreate();

export const { ethers, ignition, networkHelpers } = connection;
export const { time } = networkHelpers;
export const loadFixture: typeof networkHelpers.loadFixture = (fixture) => networkHelpers.loadFixture(fixture);
export const mine: typeof networkHelpers.mine = (blocks) => networkHelpers.mine(blocks);
/** Mines blocks of one and the same second. */
export const mineAtOnce = (blocks: number): Promise<void> => networkHelpers.mine(blocks, { interval: 0 });

/** What the next block takes for a unit of gas, in wei. */
export const setNextBaseFee = (wei: bigint): Promise<void> => networkHelpers.setNextBlockBaseFeePerGas(wei);

/**
 * For what deploys: with probes a contract fills a block, and many in a row would lift the fee above what Ignition has signed
 * for, if it did not begin at the least.
 */
export const lowerBaseFee = (): Promise<void> => setNextBaseFee(1n);

/** Whether contracts are compiled with probes, for coverage. They cost gas and bytes, so neither is to be judged then. */
export const hasProbes = hre.globalOptions.coverage;
