import { EventIndex } from "./EventIndex.ts";
import type { EventStore, HistoryChange, SavedHistory } from "./EventStore.ts";

const NOTHING: SavedHistory = { events: [], cursor: [] };

/** A store that may fail: the page then goes on without it. */
export class Cache {
  readonly #store: EventStore;
  /** Blocks that need not be kept as long as nothing has happened in them. */
  readonly #step: number;
  #savedTo = -1;
  #isOpen = true;

  constructor(store: EventStore, step: number) {
    this.#store = store;
    this.#step = step;
  }

  /** False once the store has failed, or another page writes. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** What was kept, as an index; nothing if that cannot be read. */
  async load(): Promise<{ readonly index: EventIndex; readonly saved: SavedHistory }> {
    const saved = (await this.#try(() => this.#store.load())) ?? NOTHING;
    const end = saved.cursor.at(-1)?.blockNumber ?? -1;
    this.#savedTo = end;
    return { index: EventIndex.of(saved.events), saved };
  }

  /** Keeps a batch. Where nothing has happened, only now and then: reading a few blocks again costs less. */
  async save(change: HistoryChange): Promise<void> {
    const end = change.cursor.at(-1)?.blockNumber ?? 0;
    const isQuiet = change.events.length === 0 && change.rewoundTo === undefined;
    if (!this.#isOpen || (isQuiet && end < this.#savedTo + this.#step)) return;
    const isSaved = await this.#try(() => this.#store.save(change));
    this.#isOpen = isSaved === true;
    this.#savedTo = end;
  }

  /** Forgets all. */
  async clear(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = (await this.#try(() => this.#store.clear())) === true;
    this.#savedTo = -1;
  }

  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch {
      // Private windows have no storage, and full disks refuse it.
      this.#isOpen = false;
      return undefined;
    }
  }
}
