import {
  type Client,
  type Cursor,
  type EventName,
  NoBlockError,
  ReorganisedError,
  watch,
  type WatchBatch,
} from "@opg-protocol/sdk";

import { timed } from "./batches.ts";
import { Cache } from "./Cache.ts";
import { BEGINNING, type Head, type HistoryState } from "./HistoryState.ts";
import { EventStore, type HistoryChange } from "./EventStore.ts";
import { pause } from "./pause.ts";
import { withoutForeignRounds } from "./rounds.ts";

/** How the chain is followed. */
export interface HistoryOptions {
  /** Milliseconds between looks at the chain. */
  readonly pollingInterval: number;
  /** Where logs of the past are asked for first. */
  readonly indexer?: string | undefined;
  /** Who tells what happened. */
  readonly rpcUrl?: string | undefined;
}

/** Who tells of what: another RPC, indexer or deployment is asked anew, and not answered out of what this one has told. */
export const sourceOf = (
  { addresses, startBlock }: Pick<Client, "addresses" | "startBlock">,
  { rpcUrl, indexer }: Pick<HistoryOptions, "rpcUrl" | "indexer">,
): string => JSON.stringify([rpcUrl, indexer, startBlock, addresses]);

/** Milliseconds between tries, at most. */
const LONGEST_DELAY = 30_000;
/** Requests for logs that an indexer must save to be asked. */
const WORTH_ASKING = 4;

/** Reads a deployment's events in the background: what the browser has kept, then what came since, then what happens. */
export class History {
  readonly #client: Client;
  readonly #options: HistoryOptions;
  readonly #cache: Cache;
  readonly #listeners = new Set<() => void>();
  #state: HistoryState = { ...BEGINNING, isCached: true };
  #head: Head | undefined;
  #cursor: Cursor = [];
  #isLoaded = false;
  /** Once is enough: what it did not give, the RPC does. */
  #wasIndexerAsked = false;
  /** Blocks in one request for logs: fewer after one has failed. */
  #range: number;
  #failures = 0;
  #ending: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    client: Client,
    options: HistoryOptions,
    store = new EventStore(client.chainId, client.addresses.market, sourceOf(client, options)),
  ) {
    this.#client = client;
    this.#options = options;
    this.#cache = new Cache(store, Math.ceil(client.logRange / 2));
    this.#range = client.logRange;
  }

  /** The listener is called after each change of state or head. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** The same object until something changes. */
  readonly state = (): HistoryState => this.#state;

  /** The newest block; the same object until there is another. */
  get head(): Head | undefined {
    return this.#head;
  }

  /** Begins, or goes on after {@link stop}. */
  start(): void {
    if (this.#ending !== undefined) return;
    const ending = new AbortController();
    this.#ending = ending;
    this.#running = this.#running.then(() => this.#run(ending.signal));
  }

  /** Asks nothing more. */
  stop(): void {
    this.#ending?.abort();
    this.#ending = undefined;
  }

  /** Forgets what the browser has kept, and reads all anew. */
  async clear(): Promise<void> {
    this.stop();
    await this.#running;
    await this.#forget();
    this.start();
  }

  async #run(signal: AbortSignal): Promise<void> {
    if (!this.#isLoaded) await this.#load();
    while (!signal.aborted) {
      try {
        await this.#follow(signal);
      } catch (error) {
        await this.#recoverFrom(error, signal);
      }
    }
  }

  async #load(): Promise<void> {
    const { index, saved } = await this.#cache.load();
    this.#isLoaded = true;
    this.#cursor = saved.cursor;
    this.#set({ index, indexedTo: saved.indexedTo, isCached: this.#cache.isOpen });
  }

  async #forget(): Promise<void> {
    await this.#cache.clear();
    this.#cursor = [];
    this.#wasIndexerAsked = false;
    this.#set({ ...BEGINNING, isCached: this.#cache.isOpen });
  }

  /** Each failure doubles the delay, and halves the request: some providers refuse those that find too much. */
  async #recoverFrom(error: unknown, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    // Another chain than the one that was read, as after a restart of a chain on one's own machine.
    if (error instanceof ReorganisedError) return this.#forget();
    const delay = Math.min(LONGEST_DELAY, this.#options.pollingInterval * 2 ** this.#failures);
    this.#failures += 1;
    this.#range = Math.ceil(this.#range / 2);
    this.#set({ error: error instanceof Error ? error : new Error(String(error)) });
    await pause(delay, signal);
  }

  /** Takes batch after batch; returns when requests can be larger again. */
  async #follow(signal: AbortSignal): Promise<void> {
    const newest = await this.#look();
    await this.#askIndexer(newest.number, signal);
    // As long as there is no newer block, `watch` says nothing.
    if (this.#cursor.at(-1)?.blockHash === newest.hash) this.#succeed({ isComplete: true, progress: 1 });

    const client = { ...this.#client, logRange: this.#range };
    const { pollingInterval } = this.#options;
    for await (const batch of watch(client, { from: this.#cursor, pollingInterval, signal })) {
      const known = this.#head?.blockNumber ?? 0;
      await this.#take(batch, signal);
      if (signal.aborted) return;
      await this.#look();
      this.#succeed(this.#progressFrom(known));
      if (this.#range < this.#client.logRange) {
        this.#range = Math.min(this.#client.logRange, this.#range * 2);
        return;
      }
    }
  }

  async #take({ events, rewoundTo, cursor }: WatchBatch<EventName>, signal: AbortSignal): Promise<void> {
    const from = (rewoundTo ?? this.#cursor.at(-1)?.blockNumber ?? this.#client.startBlock - 1) + 1;
    const to = cursor.at(-1)?.blockNumber ?? from;
    const change = { rewoundTo, cursor, events: await timed(this.#client, events, from, to) };
    if (!signal.aborted) await this.#apply(change);
  }

  /** What is kept comes first: if the page ends in between, the batch is only read again. */
  async #apply(change: HistoryChange): Promise<void> {
    const { rewoundTo, cursor } = change;
    const standing = rewoundTo === undefined ? this.#state.index : this.#state.index.upTo(rewoundTo);
    const events = withoutForeignRounds(change.events, standing, this.#client.addresses);
    await this.#cache.save({ ...change, events });
    this.#cursor = cursor;
    const indexedTo = change.indexedTo ?? this.#state.indexedTo;
    this.#set({ index: standing.with(events), indexedTo, isCached: this.#cache.isOpen });
  }

  /** Asks an indexer for the past, if there is one and much is unknown. Without its answer the RPC is asked for all. */
  async #askIndexer(newest: number, signal: AbortSignal): Promise<void> {
    const { indexer } = this.#options;
    const from = (this.#cursor.at(-1)?.blockNumber ?? this.#client.startBlock - 1) + 1;
    const isWorthIt = newest - from >= WORTH_ASKING * this.#client.logRange;
    if (indexer === undefined || this.#wasIndexerAsked || !isWorthIt) return;
    this.#wasIndexerAsked = true;
    try {
      const { readIndexer } = await import("./indexer.ts");
      await this.#apply(await readIndexer(this.#client, indexer, { from, cursor: this.#cursor, signal }));
    } catch {
      // What it would have told is on the chain.
    }
  }

  /** The newest block, which then is the head. */
  async #look(): Promise<{ readonly number: number; readonly hash: string | null }> {
    const block = await this.#client.provider.getBlock("latest");
    if (block === null) throw new NoBlockError("latest");
    const { number, hash, timestamp } = block;
    if (this.#head?.blockNumber !== number || this.#head.timestamp !== timestamp) {
      this.#head = { blockNumber: number, timestamp };
    }
    return { number, hash };
  }

  /** `known`: the newest block before the last batch was read. */
  #progressFrom(known: number): Pick<HistoryState, "isComplete" | "progress"> {
    const { startBlock } = this.#client;
    const end = this.#cursor.at(-1)?.blockNumber ?? startBlock;
    const isComplete = this.#state.isComplete || end >= known;
    const whole = Math.max(1, (this.#head?.blockNumber ?? end) - startBlock);
    return { isComplete, progress: isComplete ? 1 : Math.min(1, (end - startBlock) / whole) };
  }

  #succeed(change: Pick<HistoryState, "isComplete" | "progress">): void {
    this.#failures = 0;
    this.#set({ ...change, error: undefined });
  }

  #set(change: Partial<HistoryState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
