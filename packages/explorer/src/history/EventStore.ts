import type { Cursor } from "@opg-protocol/sdk";
import { id } from "ethers";
import { type DBSchema, type IDBPDatabase, openDB } from "idb";

import type { TimedEvent } from "./EventIndex.ts";

/** Grows whenever what is stored changes its form: older stores are then not opened any more. */
const FORMAT = 1;
/** Milliseconds after which a browser that does not open a store is taken to have none. */
const PATIENCE = 5_000;

/** What the cache knew when the page was opened. */
export interface SavedHistory {
  /** Oldest first. */
  readonly events: readonly TimedEvent[];
  /** Where to go on; empty: at the beginning. */
  readonly cursor: Cursor;
  /** The block up to which an indexer has told what happened; the RPC has told all that is later. */
  readonly indexedTo?: number | undefined;
}

/** What a batch changes. */
export interface HistoryChange {
  /** Events of later blocks have not happened. */
  readonly rewoundTo: number | undefined;
  readonly events: readonly TimedEvent[];
  readonly cursor: Cursor;
  /** Set where an indexer has told this: the last block of it. */
  readonly indexedTo?: number;
}

/** Where a store stands. */
interface StoreState {
  readonly cursor: Cursor;
  readonly indexedTo: number | undefined;
  /** Grows with each change. */
  readonly revision: number;
}

interface Schema extends DBSchema {
  events: { key: [number, number]; value: TimedEvent };
  state: { key: "state"; value: StoreState };
}

/** Events of one deployment in the browser's IndexedDB. One page at a time writes: the one that was first. */
export class EventStore {
  readonly #name: string;
  #db: Promise<IDBPDatabase<Schema>> | undefined;
  /** Of the store as this page knows it; another number there means that another page has written. */
  #revision = 0;

  /** @param source Who has told the events; its hash alone is kept, since addresses of RPCs can have keys in them. */
  constructor(chainId: bigint, market: string, source = "") {
    this.#name = `opg-history-${FORMAT}-${chainId}-${market.toLowerCase()}-${id(source).slice(2, 18)}`;
  }

  /** What there is. */
  async load(): Promise<SavedHistory> {
    const db = await this.#open();
    const transaction = db.transaction(["events", "state"]);
    const [events, state] = await Promise.all([
      transaction.objectStore("events").getAll(),
      transaction.objectStore("state").get("state"),
    ]);
    this.#revision = state?.revision ?? 0;
    return { events, cursor: state?.cursor ?? [], indexedTo: state?.indexedTo };
  }

  /**
   * Keeps a batch and where to go on after it: both or neither.
   * @returns false if another page writes: this one need not.
   */
  async save({ rewoundTo, events, cursor, indexedTo }: HistoryChange): Promise<boolean> {
    return this.#write(async (store, known) => {
      if (rewoundTo !== undefined) await store.delete(IDBKeyRange.lowerBound([rewoundTo + 1, 0]));
      await Promise.all(events.map((event) => store.put(event)));
      return { cursor, indexedTo: indexedTo ?? known };
    });
  }

  /**
   * Forgets all.
   * @returns false if another page writes.
   */
  async clear(): Promise<boolean> {
    return this.#write(async (store) => {
      await store.clear();
      return { cursor: [], indexedTo: undefined };
    });
  }

  /** Lets go of the database. */
  async close(): Promise<void> {
    const db = this.#db;
    this.#db = undefined;
    (await db)?.close();
  }

  async #write(
    change: (store: Writable, indexedTo: number | undefined) => Promise<Omit<StoreState, "revision">>,
  ): Promise<boolean> {
    const db = await this.#open();
    const transaction = db.transaction(["events", "state"], "readwrite");
    const state = transaction.objectStore("state");
    const known = await state.get("state");
    const revision = known?.revision ?? 0;
    if (revision !== this.#revision) return false;
    const standing = await change(transaction.objectStore("events"), known?.indexedTo);
    await state.put({ ...standing, revision: revision + 1 }, "state");
    await transaction.done;
    this.#revision = revision + 1;
    return true;
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    this.#db ??= inTime(
      openDB<Schema>(this.#name, FORMAT, {
        upgrade(db) {
          db.createObjectStore("events", { keyPath: ["blockNumber", "logIndex"] });
          db.createObjectStore("state");
        },
      }),
    );
    return this.#db;
  }
}

/** What a change may do with the stored events. */
interface Writable {
  put(event: TimedEvent): Promise<unknown>;
  delete(range: IDBKeyRange): Promise<void>;
  clear(): Promise<void>;
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error("The browser does not open its storage."));
    }, PATIENCE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
