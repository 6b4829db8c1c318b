import { ZeroAddress } from "ethers";

import type { EventIndex, TimedEventNamed } from "../history/EventIndex.ts";
import { type Announced, standingAt } from "./announced.ts";
import { folded } from "./folded.ts";
import { type Offer, offersOf, type Served, servingsOf } from "./serving.ts";
import { STAKE_EVENTS, type StakeEvent, StakeLedger } from "./stakeLedger.ts";

/** A node as the events tell it. OPG in base units, times in unix seconds. */
export interface NodeSummary {
  readonly address: string;
  readonly owner: string;
  /** To whom it is offered. */
  readonly nextOwner: string | undefined;
  /** Undefined after it was revoked. */
  readonly signer: string | undefined;
  /** Bonded, and what thaws. */
  readonly own: bigint;
  readonly ownThawing: bigint;
  readonly delegated: bigint;
  readonly delegatedThawing: bigint;
  /** Both of what thaws. */
  readonly thawing: bigint;
  /** All that slashes took. */
  readonly slashed: bigint;
  /** Commission that the owner has not taken. */
  readonly earnings: bigint;
  /** All announced commissions in basis points, oldest first; {@link commissionOf} says which holds. */
  readonly commissions: readonly Announced<number>[];
  /** Foreign text. */
  readonly metadataURI: string;
  readonly registeredAt: number;
  readonly registeredTx: string;
  /** When it last did something itself. */
  readonly lastActivity: number;
  /** What it has declared, the last word for each version and contract. */
  readonly served: readonly Served[];
  readonly offers: readonly Offer[];
  readonly ledger: StakeLedger;
}

/** What a node takes first of its rewards at a time, basis points, and what it has announced. */
export const commissionOf = (node: Pick<NodeSummary, "commissions">, time: number) =>
  standingAt(node.commissions, time);

/** All nodes, in the order of their registration. */
export const nodesOf = folded((index: EventIndex): readonly NodeSummary[] => {
  const stakes = stakeEvents(index);
  const profiles = Map.groupBy(index.named(...PROFILE_EVENTS), byNode);
  const deeds = lastDeeds(index);
  const served = Map.groupBy(servingsOf(index), ({ node }) => node);
  const offers = Map.groupBy(offersOf(index), ({ node }) => node);
  return index.named("NodeRegistered").map((registration) => {
    const { node } = registration.args;
    const ledger = StakeLedger.after(stakes.get(node) ?? []);
    return {
      ...registered(registration),
      ...profileOf(registration, profiles.get(node) ?? []),
      ...stakeOf(ledger),
      lastActivity: Math.max(registration.timestamp, deeds.get(node) ?? 0),
      served: served.get(node) ?? [],
      offers: offers.get(node) ?? [],
      ledger,
    };
  });
});

/** One node; its address in any case of letters. */
export function nodeOf(index: EventIndex, address: string): NodeSummary | undefined {
  const wanted = address.toLowerCase();
  return nodesOf(index).find((node) => node.address.toLowerCase() === wanted);
}

/** The events that moved a node's stake, oldest first; its address as events have it. */
export const stakeEventsOf = (index: EventIndex, address: string): readonly StakeEvent[] =>
  stakeEvents(index).get(address) ?? [];

const stakeEvents = folded((index: EventIndex): ReadonlyMap<string, readonly StakeEvent[]> =>
  Map.groupBy(index.named(...STAKE_EVENTS), ({ args }) => args.node),
);

const PROFILE_EVENTS = [
  "NodeMetadataSet",
  "NodeTransferProposed",
  "NodeTransferred",
  "SignerActivated",
  "CommissionProposed",
] as const;

type ProfileEvent = TimedEventNamed<(typeof PROFILE_EVENTS)[number]>;
type Profile = Pick<NodeSummary, "owner" | "nextOwner" | "signer" | "commissions" | "metadataURI">;

function profileOf(registration: TimedEventNamed<"NodeRegistered">, events: readonly ProfileEvent[]): Profile {
  const { node, signer, commissionBps, metadataURI } = registration.args;
  const first = announcedBy(registration, commissionBps, BigInt(registration.timestamp));
  const start = { owner: node, nextOwner: undefined, signer, commissions: [first], metadataURI };
  return events.reduce<Profile>(afterProfileEvent, start);
}

function afterProfileEvent(profile: Profile, event: ProfileEvent): Profile {
  switch (event.name) {
    case "NodeMetadataSet":
      return { ...profile, metadataURI: event.args.metadataURI };
    case "NodeTransferProposed":
      return { ...profile, nextOwner: nonZero(event.args.nextOwner) };
    case "NodeTransferred":
      return { ...profile, owner: event.args.to, nextOwner: undefined };
    case "SignerActivated":
      return { ...profile, signer: nonZero(event.args.signer) };
    case "CommissionProposed": {
      const { commissionBps, effectiveAt } = event.args;
      return { ...profile, commissions: [...profile.commissions, announcedBy(event, commissionBps, effectiveAt)] };
    }
  }
}

const announcedBy = (
  { timestamp, transactionHash }: { readonly timestamp: number; readonly transactionHash: string },
  bps: bigint,
  effectiveAt: bigint,
): Announced<number> => ({
  value: Number(bps),
  announcedAt: timestamp,
  effectiveAt: Number(effectiveAt),
  tx: transactionHash,
});

const registered = ({ args, timestamp, transactionHash }: TimedEventNamed<"NodeRegistered">) => ({
  address: args.node,
  registeredAt: timestamp,
  registeredTx: transactionHash,
});

const stakeOf = (ledger: StakeLedger) => ({
  own: ledger.own,
  ownThawing: ledger.ownThawing.assets,
  delegated: ledger.delegated.assets,
  delegatedThawing: ledger.delegatedThawing.assets,
  thawing: ledger.ownThawing.assets + ledger.delegatedThawing.assets,
  slashed: ledger.slashed,
  earnings: ledger.earnings,
});

/** What a node's own keys do, told by events that name it. */
const DEEDS = [
  "ServingSet",
  "PriceOffered",
  "ResultSealed",
  "ResultRevealed",
  "JobReserved",
  "JobAnswered",
  "SessionOpened",
] as const;

function lastDeeds(index: EventIndex): ReadonlyMap<string, number> {
  return new Map(index.named(...DEEDS).map(({ args, timestamp }) => [args.node, timestamp]));
}

const byNode = (event: { readonly args: { readonly node: string } }): string => event.args.node;

const nonZero = (address: string): string | undefined => (address === ZeroAddress ? undefined : address);
