import type { EventIndex } from "../history/EventIndex.ts";
import { type StakeEvent, StakeLedger, type Thaw } from "./stakeLedger.ts";
import { type NodeSummary, nodesOf, stakeEventsOf } from "./stakes.ts";
import { worthOf } from "./sharePool.ts";

/** The stake of a node after something has happened to it. OPG in base units. */
export interface StakeStep {
  /** Unix seconds. */
  readonly at: number;
  readonly own: bigint;
  readonly delegated: bigint;
  readonly thawing: bigint;
}

/** A node's stake over time, oldest first. */
export function stakeHistoryOf(index: EventIndex, address: string): readonly StakeStep[] {
  const ledger = new StakeLedger();
  return stakeEventsOf(index, address).map((event) => {
    ledger.apply(event);
    const { own, delegated, ownThawing, delegatedThawing } = ledger;
    return {
      at: event.timestamp,
      own,
      delegated: delegated.assets,
      thawing: ownThawing.assets + delegatedThawing.assets,
    };
  });
}

/** Who has delegated to a node, and what that is worth. OPG in base units. */
export interface Delegator {
  readonly delegator: string;
  /** As they are counted now. */
  readonly shares: bigint;
  readonly worth: bigint;
  readonly paidIn: bigint;
  readonly takenOut: bigint;
}

/** Those who have a share in a node's delegated pool, the largest first. */
export function delegatorsOf({ ledger }: Pick<NodeSummary, "ledger">): readonly Delegator[] {
  return [...ledger.delegations]
    .map(([delegator, { paidIn, takenOut, ...held }]) => ({
      delegator,
      shares: held.shares,
      worth: worthOf(ledger.delegated, held),
      paidIn,
      takenOut,
    }))
    .filter(({ shares }) => shares > 0n)
    .sort((a, b) => (a.worth < b.worth ? 1 : a.worth > b.worth ? -1 : 0));
}

/** Stake on its way out, and what it is worth. */
export interface ThawView extends Thaw {
  readonly worth: bigint;
}

/** What thaws, or waits to be withdrawn; the first to end comes first. */
export const thawsOf = ({ ledger }: Pick<NodeSummary, "ledger">): readonly ThawView[] =>
  ledger.thaws.map((thaw) => ({ ...thaw, worth: ledger.worthOfThaw(thaw) }));

/** Stake that a slash took. OPG in base units. */
export interface Slash {
  /** Unix seconds. */
  readonly at: number;
  readonly tx: string;
  readonly consumer: string;
  /** What the consumer calls what the stake answered for; of markets and sessions a version. */
  readonly obligation: string;
  readonly own: bigint;
  readonly delegated: bigint;
  /** Paid to whom it harmed or who found it. */
  readonly paid: bigint;
  readonly burned: bigint;
}

/** What slashes took from a node, newest first. */
export const slashesOf = (index: EventIndex, address: string): readonly Slash[] =>
  stakeEventsOf(index, address)
    .filter((event): event is Extract<StakeEvent, { readonly name: "NodeSlashed" }> => event.name === "NodeSlashed")
    .map(({ args, timestamp: at, transactionHash: tx }) => {
      const { consumer, obligation, own, delegated, harmed, rewarded } = args;
      const paid = harmed + rewarded;
      return { at, tx, consumer, obligation, own, delegated, paid, burned: own + delegated - paid };
    })
    .toReversed();

/** A reward that was divided. OPG in base units. */
export interface Reward {
  /** Unix seconds. */
  readonly at: number;
  readonly tx: string;
  readonly payer: string;
  readonly commission: bigint;
  readonly own: bigint;
  readonly delegated: bigint;
}

/** What a node was paid into its stake, newest first. */
export const rewardsOf = (index: EventIndex, address: string): readonly Reward[] =>
  stakeEventsOf(index, address)
    .filter((event): event is Extract<StakeEvent, { readonly name: "NodeRewarded" }> => event.name === "NodeRewarded")
    .map(({ args: { payer, commission, own, delegated }, timestamp: at, transactionHash: tx }) => {
      return { at, tx, payer, commission, own, delegated };
    })
    .toReversed();

/** What an account has with a node. OPG in base units. */
export interface OwnDelegation {
  readonly node: NodeSummary;
  /** Undefined: all of it thaws, or has left. */
  readonly standing: Delegator | undefined;
  /** What it has earned or lost so far: worth now and what was taken out, without what was put in. */
  readonly gain: bigint;
  readonly thaws: readonly ThawView[];
}

/** Where an account has delegated stake, or stake that thaws. */
export function delegationsOfAccount(index: EventIndex, account: string): readonly OwnDelegation[] {
  const own = account.toLowerCase();
  return nodesOf(index).flatMap((node) => {
    const thaws = thawsOf(node).filter(({ delegator }) => delegator?.toLowerCase() === own);
    const found = delegatorsOf(node).find(({ delegator }) => delegator.toLowerCase() === own);
    if (found === undefined && thaws.length === 0) return [];
    const gain = found === undefined ? 0n : found.worth + found.takenOut - found.paidIn;
    return [{ node, standing: found, gain, thaws }];
  });
}
