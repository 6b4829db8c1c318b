import type { EventName, EventNamed } from "@opg-protocol/sdk";
import { getAddress, id, toBeHex } from "ethers";

import type { TimedEventNamed } from "../../src/history/EventIndex.ts";

/** Where an event stands; `tx` is any text, which becomes a hash. */
export interface Where {
  readonly block: number;
  /** Unix seconds; by default two per block after {@link GENESIS}. */
  readonly time?: number;
  /** By default one transaction per block. */
  readonly tx?: string;
}

/** Time of block 0, unix seconds. */
export const GENESIS = 1_780_000_000;

/** When a block of {@link event} is, unless something else was said. */
export const timeOf = (block: number): number => GENESIS + 2 * block;

/** Thirty-two bytes that stand for a word: ids, roots, hashes. */
export const hash = (word: string): string => id(word);

/** An address that is easy to tell from others, with its checksum as events have it. */
export const address = (number: number): string => getAddress(toBeHex(number, 20));

let logs = 0;

type Contract<N extends EventName> = EventNamed<N>["contract"];
type Arguments<N extends EventName, C> = Extract<EventNamed<N>, { readonly contract: C }>["args"];

/** An event as the history has it. Each one comes after those that were made before it. */
export function event<N extends EventName, C extends Contract<N>>(
  name: N,
  contract: C,
  args: Arguments<N, C>,
  { block, time = timeOf(block), tx = `block ${block}` }: Where,
): TimedEventNamed<N> {
  logs += 1;
  const place = {
    blockNumber: block,
    blockHash: hash(`block hash ${block}`),
    transactionHash: hash(tx),
    logIndex: logs,
  };
  // The parameters say that name, contract and arguments belong together; the compiler cannot put the union together again.
  return { name, contract, args, ...place, timestamp: time } as unknown as TimedEventNamed<N>;
}
