import { id } from "ethers";

import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn } from "../../events.ts";
import { action, type Call } from "../action.ts";

const { governor } = interfaces;

/** What a proposal would do, and why. All of it makes its id. */
export interface Proposal {
  /** Calls that the timelock makes in the governor's name, as `setRules.call(addresses, …)` and its like make them. */
  readonly calls: readonly Call[];
  /** For those who vote. */
  readonly description: string;
}

/** Where a proposal stands, in the governor's own numbers. */
export const PROPOSAL_STATES = [
  "Pending",
  "Active",
  "Canceled",
  "Defeated",
  "Succeeded",
  "Queued",
  "Expired",
  "Executed",
] as const;
export type ProposalState = (typeof PROPOSAL_STATES)[number];

type Parts = [targets: string[], values: bigint[], calldatas: string[], description: string];

/** As the governor takes a proposal: with its description, or with the hash of that. */
const partsOf = ({ calls }: Proposal, description: string): Parts => [
  calls.map(({ to }) => to),
  calls.map(() => 0n),
  calls.map(({ data }) => data),
  description,
];
const hashed = (proposal: Proposal): Parts => partsOf(proposal, id(proposal.description));

/**
 * Puts something to the vote.
 * @returns with the proposal's id.
 * @throws ProtocolError `GovernorInsufficientProposerVotes`, `GovernorUnexpectedProposalState`.
 */
export const propose = action<Proposal, { readonly proposalId: bigint }>(
  "governor",
  (proposal) => governor.encodeFunctionData("propose", partsOf(proposal, proposal.description)),
  { result: (mined) => ({ proposalId: eventIn(mined, "ProposalCreated").args.proposalId }) },
);

/** How to vote. Votes for and abstentions count for the quorum. */
export const VOTES = { against: 0, for: 1, abstain: 2 } as const;

/** Parameters of {@link castVote}. */
export interface CastVoteParameters {
  readonly proposalId: bigint;
  readonly vote: keyof typeof VOTES;
  /** For the other voters; empty by default. */
  readonly reason?: string;
}

/**
 * Votes with what the client's account had been delegated when the vote began.
 * @throws ProtocolError `GovernorUnexpectedProposalState`, `GovernorAlreadyCastVote`.
 */
export const castVote = action("governor", ({ proposalId, vote, reason = "" }: CastVoteParameters) =>
  governor.encodeFunctionData("castVoteWithReason", [proposalId, VOTES[vote], reason]),
);

/**
 * Hands what was voted for to the timelock. Anyone may.
 * @throws ProtocolError `GovernorUnexpectedProposalState`.
 */
export const queueProposal = action("governor", (proposal: Proposal) =>
  governor.encodeFunctionData("queue", hashed(proposal)),
);

/**
 * Does what was voted for, once the timelock's delay is over. Anyone may.
 * @throws ProtocolError `GovernorUnexpectedProposalState`, `TimelockUnexpectedOperationState`.
 */
export const executeProposal = action("governor", (proposal: Proposal) =>
  governor.encodeFunctionData("execute", hashed(proposal)),
);

/**
 * Takes a proposal back before its vote begins. Only for who proposed it.
 * @throws ProtocolError `GovernorUnableToCancel`.
 */
export const cancelProposal = action("governor", (proposal: Proposal) =>
  governor.encodeFunctionData("cancel", hashed(proposal)),
);

/** Parameters of {@link getProposal}. */
export interface GetProposalParameters {
  readonly proposalId: bigint;
}

/** Where a proposal stands. Times in unix seconds, votes in base units of OPG. */
export interface ProposalStanding {
  readonly state: ProposalState;
  /** Who holds votes then can vote. */
  readonly voteStartsAt: bigint;
  readonly voteEndsAt: bigint;
  /** When it can be executed; zero until it is queued. */
  readonly executableAt: bigint;
  readonly against: bigint;
  readonly for: bigint;
  readonly abstain: bigint;
}

/**
 * Where a proposal stands.
 * @throws ProtocolError `GovernorNonexistentProposal`.
 */
export async function getProposal(client: Client, { proposalId }: GetProposalParameters): Promise<ProposalStanding> {
  const [state, voteStartsAt, voteEndsAt, executableAt, votes] = await Promise.all([
    explained(client.governor.state(proposalId)),
    explained(client.governor.proposalSnapshot(proposalId)),
    explained(client.governor.proposalDeadline(proposalId)),
    explained(client.governor.proposalEta(proposalId)),
    explained(client.governor.proposalVotes(proposalId)),
  ]);
  const name = PROPOSAL_STATES[Number(state)];
  if (name === undefined) throw new RangeError(`The governor gives ${state} as a proposal's state`);
  return {
    state: name,
    voteStartsAt,
    voteEndsAt,
    executableAt,
    against: votes.againstVotes,
    for: votes.forVotes,
    abstain: votes.abstainVotes,
  };
}
