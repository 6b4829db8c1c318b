import { JobState } from "@opg-protocol/sdk";

import type { JobTerms } from "../../entities/jobOrders.ts";
import type { JobStateName } from "../../entities/jobs.ts";
import type { MoneyParty } from "../../entities/money.ts";
import { shortHash } from "../../parts/format.ts";

/** How a job comes to its end. */
export function policyText(terms: JobTerms): string {
  if (terms.market === "market") {
    return terms.job.windowPeriod > 0
      ? "Several nodes answer, and a referee can judge what differs"
      : "Several nodes answer, and an appeal decides what differs";
  }
  return terms.job.auditBps > 0
    ? "One node answers, another may be drawn to check it, and anyone can challenge"
    : "One node answers, and anyone can challenge";
}

/** What has to happen where nobody but nodes or time can move a job. */
export const WAITING: Readonly<Partial<Record<JobStateName, string>>> = {
  Ordered: "The node, or the nodes that are drawn, must answer.",
  Open: "A node must reserve it.",
  Reserved: "The node that has reserved it must answer.",
  Drawn: "Nodes that are drawn seal their answers.",
  Sealed: "When sealing is over, whoever knows the salts reveals: that is the nodes, or a relayer for them.",
  Revealed: "The others must reveal, or their time must run out; then what was stated may be open to challenges.",
  "Answered, not final": "The time to challenge the answer must be over.",
  Audit: "One more node is drawn, seals and reveals.",
  Appeal: "The nodes of a larger draw seal and reveal.",
};

/** What becomes of a job with the next step. */
export const NEXT_STATE: Readonly<Record<number, string>> = {
  [JobState.Open]: "the job goes on",
  [JobState.Audit]: "an audit begins",
  [JobState.Appeal]: "an appeal begins",
  [JobState.Agreed]: "the job ends as agreed",
  [JobState.Decided]: "the job ends as decided",
  [JobState.Refused]: "the job ends with the error on which all agree",
  [JobState.Undecided]: "the job ends undecided, and the requester is refunded",
  [JobState.Unrevealed]: "the job ends unrevealed, and the requester is refunded",
  [JobState.Unanswered]: "the job ends unanswered, and the requester is refunded",
};

const PARTIES: Readonly<Record<MoneyParty["kind"], string>> = {
  escrow: "Escrow",
  stake: "Stake of",
  slashed: "Taken collateral",
  prize: "Prize for a second node",
  requester: "Requester",
  node: "Node",
  modelOwner: "Model owner",
  treasury: "Treasury",
  deliverer: "Deliverer",
  challenger: "Challenger",
  burned: "Burned",
};

/** A party in words, with its account where there is one. */
export function partyText({ kind, account }: MoneyParty): string {
  return account === undefined ? PARTIES[kind] : `${PARTIES[kind]} ${shortHash(account)}`;
}
