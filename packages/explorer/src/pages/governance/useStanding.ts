import type { ProposalState } from "@opg-protocol/sdk";

import { type ProposalSummary, stateOf } from "../../entities/proposals.ts";
import { useNow } from "../../network/context.tsx";
import { useRead } from "../../network/useRead.ts";
import type { Tone } from "../../parts/Badge.tsx";

/** How a proposal is said to stand, in a word. */
export const STATE_TONES: Readonly<Record<ProposalState, Tone>> = {
  Pending: "plain",
  Active: "wait",
  Canceled: "plain",
  Defeated: "bad",
  Succeeded: "good",
  Queued: "wait",
  Expired: "bad",
  Executed: "good",
};

/** Where a proposal stands now. */
export interface Standing {
  /** Undefined until the quorum is known on which it depends. */
  readonly state: ProposalState | undefined;
  /** Votes for and abstentions that it needs, OPG in base units; it is counted when the vote begins. */
  readonly quorum: bigint | undefined;
}

/** Where a proposal stands, by the chain's clock. */
export function useStanding(proposal: ProposalSummary): Standing {
  const now = useNow();
  const { id, voteStartsAt, voteEndsAt } = proposal;
  const { data: quorum } = useRead(["quorum", id], ({ governor }) => governor.quorum(voteStartsAt), {
    enabled: now > voteStartsAt + SETTLED,
    once: true,
  });
  const needsQuorum = now > voteEndsAt && proposal.queued === undefined && proposal.executed === undefined;
  const state = stateOf(proposal, now, quorum ?? 0n);
  return { state: needsQuorum && quorum === undefined && state !== "Canceled" ? undefined : state, quorum };
}

/** Seconds by which the page's clock may be ahead of the chain's: the governor counts votes of past blocks alone. */
const SETTLED = 4;
