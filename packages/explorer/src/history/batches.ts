import type { Client, ProtocolEvent } from "@opg-protocol/sdk";

import { compareEvents, type TimedEvent } from "./EventIndex.ts";

/** Most blocks whose times are asked for at once. */
const AT_ONCE = 16;

/** What was given as history cannot be true. */
export class BadHistoryError extends Error {
  constructor(what: string) {
    super(`${what} Nothing of it is taken; choose another RPC if that goes on.`);
    this.name = "BadHistoryError";
  }
}

/**
 * Events in their order with the times of their blocks, each of which must be of the chain as the RPC has it.
 * @throws BadHistoryError if they cannot all be from `fromBlock` to `toBlock`, or one is given twice.
 */
export async function timed(
  { provider }: Pick<Client, "provider">,
  events: readonly ProtocolEvent[],
  fromBlock: number,
  toBlock: number,
): Promise<readonly TimedEvent[]> {
  const hashes = blocksOf(events, fromBlock, toBlock);
  const times = new Map<number, number>();
  const blocks = [...hashes];
  for (let at = 0; at < blocks.length; at += AT_ONCE) {
    const asked = blocks.slice(at, at + AT_ONCE).map(async ([number, hash]) => {
      const block = await provider.getBlock(number);
      if (block?.hash !== hash)
        throw new BadHistoryError(`The RPC has events of a block ${number} that it does not have.`);
      times.set(number, block.timestamp);
    });
    await Promise.all(asked);
  }
  return ordered(events.map((event) => ({ ...event, timestamp: times.get(event.blockNumber) ?? 0 })));
}

/** Numbers and hashes of the blocks with events. */
function blocksOf(events: readonly ProtocolEvent[], from: number, to: number): ReadonlyMap<number, string> {
  const hashes = new Map<number, string>();
  for (const { blockNumber, blockHash } of events) {
    if (blockNumber < from || blockNumber > to) {
      throw new BadHistoryError(`The RPC gives an event of block ${blockNumber}, and was asked for ${from} to ${to}.`);
    }
    if ((hashes.get(blockNumber) ?? blockHash) !== blockHash) {
      throw new BadHistoryError(`The RPC gives events of two blocks ${blockNumber}.`);
    }
    hashes.set(blockNumber, blockHash);
  }
  return hashes;
}

/**
 * Events in the order in which they have happened.
 * @throws BadHistoryError if two are in the same place.
 */
export function ordered(events: readonly TimedEvent[]): readonly TimedEvent[] {
  const sorted = events.toSorted(compareEvents);
  for (const [i, event] of sorted.entries()) {
    const before = sorted[i - 1];
    if (before !== undefined && compareEvents(before, event) === 0) {
      throw new BadHistoryError(`Log ${event.logIndex} of block ${event.blockNumber} is given twice.`);
    }
  }
  return sorted;
}
