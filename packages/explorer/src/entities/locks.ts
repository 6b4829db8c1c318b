import type { EventIndex } from "../history/EventIndex.ts";

/** Stake of a node that answers to a consumer for something. OPG in base units. */
export interface Lock {
  readonly consumer: string;
  /** Of markets and sessions a version. */
  readonly obligation: string;
  readonly amount: bigint;
  /** Unix seconds; from then on it answers for nothing, and anyone can clear it. */
  readonly endsAt: number;
  readonly tx: string;
}

/** What a node lets a consumer lock, and what that has locked. */
export interface ConsumerLocks {
  readonly consumer: string;
  /** Zero: it was never allowed anything, or is not any more. */
  readonly cap: bigint;
  readonly capTx: string | undefined;
  readonly locked: bigint;
  readonly locks: readonly Lock[];
}

/** A node's locks by consumer, also of those that may lock and have locked nothing. */
export function locksOf(index: EventIndex, address: string): readonly ConsumerLocks[] {
  const locks = new Map<string, Lock>();
  const caps = new Map<string, { readonly cap: bigint; readonly capTx: string }>();
  for (const event of eventsOf(index, address)) {
    const { transactionHash: tx } = event;
    if (event.name === "ConsumerAuthorised") {
      caps.set(event.args.consumer, { cap: event.args.cap, capTx: tx });
    } else {
      const { consumer, obligation, amount, endsAt } = event.args;
      locks.set(`${consumer} ${obligation}`, { consumer, obligation, amount, endsAt: Number(endsAt), tx });
    }
  }
  const standing = Map.groupBy(
    [...locks.values()].filter(({ amount }) => amount > 0n),
    ({ consumer }) => consumer,
  );
  return [...new Set([...caps.keys(), ...standing.keys()])].map((consumer) => {
    const own = standing.get(consumer) ?? [];
    const { cap, capTx } = caps.get(consumer) ?? { cap: 0n, capTx: undefined };
    return { consumer, cap, capTx, locked: own.reduce((sum, { amount }) => sum + amount, 0n), locks: own };
  });
}

/** What a consumer had locked at times, oldest first. */
export interface LockHistory {
  readonly consumer: string;
  readonly steps: readonly (readonly [at: number, locked: bigint])[];
}

/** What consumers had locked of a node over time; every list has a step for each change of any of them. */
export function lockHistoryOf(index: EventIndex, address: string): readonly LockHistory[] {
  const changes = eventsOf(index, address).filter((event) => event.name === "LockChanged");
  const consumers = [...new Set(changes.map(({ args }) => args.consumer))];
  return consumers.map((consumer) => {
    const amounts = new Map<string, bigint>();
    let locked = 0n;
    const steps = changes.map(({ args, timestamp }) => {
      if (args.consumer === consumer) {
        locked += args.amount - (amounts.get(args.obligation) ?? 0n);
        amounts.set(args.obligation, args.amount);
      }
      return [timestamp, locked] as const;
    });
    return { consumer, steps };
  });
}

const eventsOf = (index: EventIndex, address: string) =>
  index.named("ConsumerAuthorised", "LockChanged").filter(({ args }) => args.node === address);
