import type { EventIndex, TimedEventNamed } from "../history/EventIndex.ts";
import type { Happened } from "./jobRounds.ts";

/** Who pays, who is paid, and where money waits. */
export type PartyKind =
  | "escrow"
  | "stake"
  | "slashed"
  | "prize"
  | "requester"
  | "node"
  | "modelOwner"
  | "treasury"
  | "deliverer"
  | "challenger"
  | "burned";

/** One end of a flow. */
export interface MoneyParty {
  readonly kind: PartyKind;
  /** Undefined where there is only one of its kind, or several are meant together. */
  readonly account: string | undefined;
}

/** Money that went from one to another. */
export interface MoneyFlow extends Happened {
  readonly from: MoneyParty;
  readonly to: MoneyParty;
  /** OPG, base units. */
  readonly amount: bigint;
  readonly what: string;
}

/** A party. */
export const party = (kind: PartyKind, account?: string): MoneyParty => ({ kind, account });

/** What was taken from a seat. */
export interface Taken {
  /** All that left the node's stake. */
  readonly all: bigint;
  /** What of it came to the market; the rest was burned at once. */
  readonly kept: bigint;
}

/**
 * What a seat has really lost: `SeatSlashed` says what was asked for, and staking what was there. The two follow each other in
 * one transaction, which can settle other jobs of the same node, too.
 */
export function takenFrom(index: EventIndex, slash: TimedEventNamed<"SeatSlashed">): Taken {
  const { node } = slash.args;
  const found = index
    .inTransaction(slash.transactionHash)
    .find((event) => event.name === "NodeSlashed" && event.args.node === node && event.logIndex > slash.logIndex);
  if (found?.name !== "NodeSlashed") return { all: 0n, kept: 0n };
  const { own, delegated, harmed, rewarded } = found.args;
  return { all: own + delegated, kept: harmed + rewarded };
}
