import hre, { network } from "hardhat";

import { stopClock } from "./clock.ts";

stopClock();

/** One chain for all test files; `loadFixture` brings it back to a named state. */
const connection = await network.getOrCreate();

export const { ethers, ignition, networkHelpers } = connection;
export const { time } = networkHelpers;
export const mine: typeof networkHelpers.mine = (blocks) => networkHelpers.mine(blocks);
/** Mines blocks of one and the same second. */
export const mineAtOnce = (blocks: number): Promise<void> => networkHelpers.mine(blocks, { interval: 0 });

/** What fixtures have made, in their order: whoever goes back to one state loses those after it. */
const states: { readonly fixture: unknown; readonly data: unknown; readonly restore: () => Promise<void> }[] = [];

/**
 * What a fixture gives, with the chain as the fixture leaves it. Unlike Hardhat's, a fixture may load another one: what many
 * begin with is deployed once.
 */
export async function loadFixture<T>(fixture: () => Promise<T>): Promise<T> {
  const known = states.findIndex((state) => state.fixture === fixture);
  const state = states[known];
  if (state !== undefined) {
    states.length = known + 1;
    await state.restore();
    return state.data as T;
  }
  const data = await fixture();
  const snapshot = await networkHelpers.takeSnapshot();
  states.push({ fixture, data, restore: () => snapshot.restore() });
  return data;
}

/** The chain before anything was sent to it: whoever begins here finds the same blocks, whatever other tests have done. */
export const beginning = (): Promise<void> => Promise.resolve();
await loadFixture(beginning);

/** What the next block takes for a unit of gas, in wei. */
export const setNextBaseFee = (wei: bigint): Promise<void> => networkHelpers.setNextBlockBaseFeePerGas(wei);

/**
 * For what deploys: with probes a contract fills a block, and many in a row would lift the fee above what Ignition has signed
 * for, if it did not begin at the least.
 */
export const lowerBaseFee = (): Promise<void> => setNextBaseFee(1n);

/** Whether contracts are compiled with probes, for coverage. They cost gas and bytes, so neither is to be judged then. */
export const hasProbes = hre.globalOptions.coverage;
