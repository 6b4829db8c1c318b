import type { EventIndex } from "../history/EventIndex.ts";
import { folded } from "./folded.ts";

/** Contracts for which nodes declare versions. */
export type ServingContract = "market" | "optimistic" | "sessions";

/** What a node declares for a version in one contract. OPG in base units. */
export interface Served {
  readonly node: string;
  readonly versionId: string;
  readonly contract: ServingContract;
  /** Counts where nodes are drawn; zero elsewhere. */
  readonly weight: bigint;
  /** The most of its stake that answers there; zero if it serves no longer. */
  readonly maxLock: bigint;
  /** Unix seconds. */
  readonly endsAt: number;
  readonly tx: string;
}

/** What a node asks for calls of a version. OPG in base units. */
export interface Offer {
  readonly node: string;
  readonly versionId: string;
  /** Zero: it has taken its offer back. */
  readonly callPrice: bigint;
  readonly collateral: bigint;
  /** Foreign text. */
  readonly endpoint: string;
  readonly since: number;
  readonly tx: string;
}

/** Whether a declaration still holds at a time (unix seconds). */
export const isServedAt = ({ maxLock, endsAt }: Pick<Served, "maxLock" | "endsAt">, time: number): boolean =>
  maxLock > 0n && endsAt > time;

/** The last declaration of each node for each version and contract, also those that were taken back. */
export const servingsOf = folded((index: EventIndex): readonly Served[] => {
  const last = new Map<string, Served>();
  for (const { contract, args, transactionHash: tx } of index.named("ServingSet")) {
    const { node, versionId, weight, maxLock, endsAt } = args;
    last.set(`${contract} ${node} ${versionId}`, {
      ...{ node, versionId, contract, weight, maxLock, tx },
      endsAt: Number(endsAt),
    });
  }
  return [...last.values()];
});

/** The last offer of each node for each version, also those that were taken back. */
export const offersOf = folded((index: EventIndex): readonly Offer[] => {
  const last = new Map<string, Offer>();
  for (const { args, timestamp: since, transactionHash: tx } of index.named("PriceOffered")) {
    last.set(`${args.node} ${args.versionId}`, { ...args, since, tx });
  }
  return [...last.values()];
});

/** Each price that nodes have asked for calls of a version, oldest first. */
export const priceChangesOf = (index: EventIndex, versionId: string): readonly Offer[] =>
  index
    .named("PriceOffered")
    .filter(({ args }) => args.versionId === versionId)
    .map(({ args, timestamp: since, transactionHash: tx }) => ({ ...args, since, tx }));
