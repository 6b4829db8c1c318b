import type { EventName, EventNamed, ProtocolEvent } from "@opg-protocol/sdk";

/** An event with the time of its block, unix seconds. */
export type TimedEvent = ProtocolEvent & { readonly timestamp: number };
/** The events of these names, with the times of their blocks. */
export type TimedEventNamed<N extends EventName> = EventNamed<N> & { readonly timestamp: number };

/** What the snapshots of one history share. It only grows, so that a batch costs what is in it. */
class EventTable {
  readonly events: TimedEvent[] = [];
  /** Places in `events`, ascending, by what is looked for. */
  readonly #places = new Map<string, number[]>();

  add(events: readonly TimedEvent[]): void {
    for (const event of events) {
      const place = this.events.push(event) - 1;
      for (const key of keysOf(event)) {
        const places = this.#places.get(key);
        if (places === undefined) this.#places.set(key, [place]);
        else places.push(place);
      }
    }
  }

  places(key: string): readonly number[] {
    return this.#places.get(key) ?? [];
  }
}

const byName = (name: string) => `name ${name}`;
const byText = (text: string) => `text ${text.toLowerCase()}`;
const byTransaction = (hash: string) => `transaction ${hash.toLowerCase()}`;

/** Everything under which an event is found, each once. */
function keysOf({ name, args, transactionHash }: TimedEvent): ReadonlySet<string> {
  const keys = new Set([byName(name), byTransaction(transactionHash)]);
  for (const value of Object.values<unknown>(args)) {
    if (typeof value === "string" && isId(value)) keys.add(byText(value));
  }
  return keys;
}

/** Addresses and words; other texts are of whoever wrote them, and nobody looks for events by them. */
const isId = (text: string): boolean => (text.length === 42 || text.length === 66) && text.startsWith("0x");

/** The order in which events have happened. */
export const compareEvents = (a: TimedEvent, b: TimedEvent): number =>
  a.blockNumber - b.blockNumber || a.logIndex - b.logIndex;

/** All events up to some block, found by name, by id and by transaction. It does not change; {@link with} makes a new one. */
export class EventIndex {
  static readonly EMPTY = EventIndex.of([]);

  readonly #table: EventTable;
  readonly #length: number;
  readonly #found = new Map<string, readonly TimedEvent[]>();
  #all: readonly TimedEvent[] | undefined;

  /** Grows with each change. */
  readonly version: number;

  private constructor(table: EventTable, version: number) {
    this.#table = table;
    this.#length = table.events.length;
    this.version = version;
  }

  /** An index of these events, in whatever order they are. */
  static of(events: readonly TimedEvent[], version = 0): EventIndex {
    const table = new EventTable();
    table.add(events.toSorted(compareEvents));
    return new EventIndex(table, version);
  }

  /** How many events there are. */
  get size(): number {
    return this.#length;
  }

  /** Oldest first. */
  get all(): readonly TimedEvent[] {
    this.#all ??= this.#table.events.slice(0, this.#length);
    return this.#all;
  }

  /** The events of these names, oldest first. */
  named<N extends EventName>(...names: readonly N[]): readonly TimedEventNamed<N>[] {
    // The index has found them by their name.
    return this.#find(names.map(byName)) as readonly TimedEventNamed<N>[];
  }

  /** Every event that has this id or address as one of its arguments, oldest first. */
  about(id: string): readonly TimedEvent[] {
    return this.#find([byText(id)]);
  }

  /** The events of a transaction, in their order. */
  inTransaction(hash: string): readonly TimedEvent[] {
    return this.#find([byTransaction(hash)]);
  }

  /** What there is with later events: oldest first, and none before those that are there. */
  with(events: readonly TimedEvent[]): EventIndex {
    if (events.length === 0) return this;
    // Another snapshot may have grown the table already; this one then goes its own way.
    const isNewest = this.#table.events.length === this.#length;
    const table = isNewest ? this.#table : new EventTable();
    if (!isNewest) table.add(this.all);
    table.add(events);
    return new EventIndex(table, this.version + 1);
  }

  /** What there is without the events of later blocks: the chain was reorganised. */
  upTo(blockNumber: number): EventIndex {
    const kept = this.all.filter((event) => event.blockNumber <= blockNumber);
    return kept.length === this.#length ? this : EventIndex.of(kept, this.version + 1);
  }

  /** The same list each time, so that parts of a page can compare it. */
  #find(keys: readonly string[]): readonly TimedEvent[] {
    const key = keys.join();
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const places = new Set(keys.flatMap((one) => this.#table.places(one)));
    const ordered = [...places].filter((place) => place < this.#length).sort((a, b) => a - b);
    const found = ordered.flatMap((place) => this.#table.events[place] ?? []);
    this.#found.set(key, found);
    return found;
  }
}
