import type { Client } from "./client.ts";
import { ReorganisedError } from "./errors/faults.ts";
import { type EventName, type EventNamed, parseLog, topicsOf } from "./events.ts";
import { sleep } from "./sleep.ts";

/** A block up to which events were read. */
export interface Checkpoint {
  readonly blockNumber: number;
  readonly blockHash: string;
}

/** Where to go on: the last blocks that were read, oldest first. JSON can hold it. */
export type Cursor = readonly Checkpoint[];

/** Parameters of {@link watch}. */
export interface WatchParameters<Name extends EventName> {
  /** Which events; by default all. */
  readonly events?: readonly Name[];
  /** Where to begin: a block, or the cursor of a batch that was dealt with; by default the client's `startBlock`. */
  readonly from?: number | Cursor;
  /** How many blocks must stand on top of a block before its events are read; by default 0. */
  readonly confirmations?: number;
  /** Milliseconds between looks at the chain; by default 1,000. */
  readonly pollingInterval?: number;
  /** Ends the watch. */
  readonly signal?: AbortSignal;
}

/** What happened in a range of blocks. */
export interface WatchBatch<Name extends EventName> {
  /** Oldest first. */
  readonly events: readonly EventNamed<Name>[];
  /**
   * Set if the chain was reorganised: what earlier batches said of blocks above this one has not happened. The events of
   * this batch come after that.
   */
  readonly rewoundTo: number | undefined;
  /** To be kept when the batch is dealt with, and given as `from` after a restart. */
  readonly cursor: Cursor;
}

/** Checkpoints that a cursor holds: as many reorganised batches can be noticed. */
const DEPTH = 64;

/**
 * Gives the protocol's events as they happen, in order and without gaps, each once; after a reorganisation it says how far
 * back it reached and goes on from there. A batch covers at most `logRange` blocks and may be empty.
 * @throws ReorganisedError if the chain was reorganised further back than the cursor remembers.
 */
export async function* watch<Name extends EventName = EventName>(
  client: Client,
  parameters: WatchParameters<Name> = {},
): AsyncGenerator<WatchBatch<Name>, void, undefined> {
  const { from = client.startBlock, confirmations = 0, pollingInterval = 1_000, signal } = parameters;
  const topics = parameters.events === undefined ? [] : [topicsOf(parameters.events)];
  let cursor: Cursor = typeof from === "number" ? [] : from;
  let next = typeof from === "number" ? from : (cursor.at(-1)?.blockNumber ?? client.startBlock - 1) + 1;

  while (signal?.aborted !== true) {
    const standing = await standingPart(client, cursor);
    const rewoundTo = standing.length < cursor.length ? standing.at(-1)?.blockNumber : undefined;
    if (rewoundTo !== undefined) next = rewoundTo + 1;
    const batch = await readBatch(client, next, confirmations, topics);
    if (batch === undefined && rewoundTo === undefined) {
      await sleep(pollingInterval, signal);
      continue;
    }
    cursor = batch === undefined ? standing : [...standing, batch.end].slice(-DEPTH);
    next = batch === undefined ? next : batch.end.blockNumber + 1;
    // The topics have let nothing else through.
    yield { events: (batch?.events ?? []) as EventNamed<Name>[], rewoundTo, cursor };
  }
}

/** The checkpoints that are still part of the chain. */
async function standingPart({ provider }: Client, cursor: Cursor): Promise<Cursor> {
  for (let length = cursor.length; length > 0; length -= 1) {
    const { blockNumber, blockHash } = cursor[length - 1] as Checkpoint;
    if ((await provider.getBlock(blockNumber))?.hash === blockHash) return cursor.slice(0, length);
  }
  const [oldest] = cursor;
  if (oldest !== undefined) throw new ReorganisedError(oldest.blockNumber);
  return cursor;
}

/** The next range of blocks; undefined if there is none yet, or the chain changed while it was read. */
async function readBatch(client: Client, fromBlock: number, confirmations: number, topics: string[][]) {
  const { provider, addresses, logRange } = client;
  const latest = (await provider.getBlockNumber()) - confirmations;
  const toBlock = Math.min(latest, fromBlock + logRange - 1);
  if (toBlock < fromBlock) return undefined;

  const before = await provider.getBlock(toBlock);
  const logs = await provider.getLogs({ address: Object.values({ ...addresses }), topics, fromBlock, toBlock });
  const after = await provider.getBlock(toBlock);
  if (before?.hash == null || before.hash !== after?.hash) return undefined;
  const events = logs.map((log) => parseLog(addresses, log)).filter((event) => event !== undefined);
  const end: Checkpoint = { blockNumber: toBlock, blockHash: before.hash };
  return { events, end };
}
