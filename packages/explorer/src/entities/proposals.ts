import type { ProposalState } from "@opg-protocol/sdk";

import type { EventIndex, TimedEventNamed } from "../history/EventIndex.ts";

/** A call that a proposal, or an operation of the timelock, makes. */
export interface ProposedCall {
  readonly to: string;
  /** Calldata, hex. */
  readonly data: string;
  /** Wei. */
  readonly value: bigint;
}

/** How somebody has voted. */
export interface Vote {
  readonly voter: string;
  readonly vote: "against" | "for" | "abstain";
  /** OPG, base units. */
  readonly weight: bigint;
  /** The voter's own words. */
  readonly reason: string;
  readonly at: number;
  readonly tx: string;
}

/** Something that has happened to a proposal. */
export interface Happened {
  readonly at: number;
  readonly tx: string;
}

/** A proposal, as the governor's events tell of it. Times in unix seconds, votes in base units of OPG. */
export interface ProposalSummary {
  /** Decimal. */
  readonly id: string;
  readonly proposer: string;
  /** The proposer's own words. */
  readonly description: string;
  readonly calls: readonly ProposedCall[];
  readonly created: Happened;
  /** Votes count as they were delegated then. */
  readonly voteStartsAt: number;
  /** Later than was proposed, where the quorum was reached late. */
  readonly voteEndsAt: number;
  readonly isExtended: boolean;
  /** Oldest first. */
  readonly votes: readonly Vote[];
  readonly tally: Readonly<Record<Vote["vote"], bigint>>;
  readonly queued: (Happened & { readonly executableAt: number }) | undefined;
  readonly executed: Happened | undefined;
  readonly canceled: Happened | undefined;
}

const VOTE_NAMES = ["against", "for", "abstain"] as const;

/** All proposals, newest first. */
export function proposalsOf(index: EventIndex): readonly ProposalSummary[] {
  const facts = factsOf(index);
  return index
    .named("ProposalCreated")
    .map((created) => summaryOf(created, facts))
    .reverse();
}

/** One proposal; undefined if nobody has made it. */
export function proposalOf(index: EventIndex, id: string): ProposalSummary | undefined {
  const created = index.named("ProposalCreated").find(({ args }) => String(args.proposalId) === id);
  return created && summaryOf(created, factsOf(index));
}

/** What a proposal has come to, as far as its clock and its votes say; the governor's own answer is the same. */
export function stateOf(proposal: ProposalSummary, now: number, quorum: bigint): ProposalState {
  const { canceled, executed, queued, voteStartsAt, voteEndsAt, tally } = proposal;
  if (executed !== undefined) return "Executed";
  if (canceled !== undefined) return "Canceled";
  if (now <= voteStartsAt) return "Pending";
  if (now <= voteEndsAt) return "Active";
  if (queued !== undefined) return "Queued";
  return tally.for + tally.abstain >= quorum && tally.for > tally.against ? "Succeeded" : "Defeated";
}

type Facts = ReturnType<typeof factsOf>;

/** The governor's other events by proposal, found in one pass. */
function factsOf(index: EventIndex) {
  const votes = Map.groupBy(index.named("VoteCast", "VoteCastWithParams"), ({ args }) => args.proposalId);
  const last = <T extends { readonly args: { readonly proposalId: bigint } }>(events: readonly T[]) =>
    new Map(events.map((event) => [event.args.proposalId, event]));
  return {
    votes,
    extended: last(index.named("ProposalExtended")),
    queued: last(index.named("ProposalQueued")),
    executed: last(index.named("ProposalExecuted")),
    canceled: last(index.named("ProposalCanceled")),
  };
}

function summaryOf(created: TimedEventNamed<"ProposalCreated">, facts: Facts): ProposalSummary {
  const { proposalId, proposer, description, targets, values, calldatas, voteStart, voteEnd } = created.args;
  const votes = (facts.votes.get(proposalId) ?? []).flatMap(voteOf);
  const sum = (vote: Vote["vote"]) =>
    votes.reduce((total, one) => (one.vote === vote ? total + one.weight : total), 0n);
  const extended = facts.extended.get(proposalId);
  const queued = facts.queued.get(proposalId);
  return {
    id: String(proposalId),
    proposer,
    description,
    calls: targets.map((to, i) => ({ to, data: calldatas[i] ?? "0x", value: values[i] ?? 0n })),
    created: happened(created),
    voteStartsAt: Number(voteStart),
    voteEndsAt: Number(extended?.args.extendedDeadline ?? voteEnd),
    isExtended: extended !== undefined,
    votes,
    tally: { against: sum("against"), for: sum("for"), abstain: sum("abstain") },
    queued: queued && { ...happened(queued), executableAt: Number(queued.args.etaSeconds) },
    executed: optionally(facts.executed.get(proposalId)),
    canceled: optionally(facts.canceled.get(proposalId)),
  };
}

function voteOf(event: TimedEventNamed<"VoteCast" | "VoteCastWithParams">): readonly Vote[] {
  const { voter, support, weight, reason } = event.args;
  const vote = VOTE_NAMES[Number(support)];
  return vote === undefined ? [] : [{ voter, vote, weight, reason, ...happened(event) }];
}

interface Placed {
  readonly timestamp: number;
  readonly transactionHash: string;
}

const happened = ({ timestamp, transactionHash }: Placed): Happened => ({ at: timestamp, tx: transactionHash });
const optionally = (event: Placed | undefined): Happened | undefined => event && happened(event);
