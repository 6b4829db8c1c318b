import { JobState, OptimisticState } from "@opg-protocol/sdk";

import type { JobMarket } from "./jobOrders.ts";
import type { JobTrack } from "./jobTracks.ts";

/** Where a job stands, in a word. Those from `Agreed` on are final. */
export const JOB_STATES = [
  "Ordered",
  "Open",
  "Reserved",
  "Drawn",
  "Sealed",
  "Revealed",
  "Answered, not final",
  "Audit",
  "Appeal",
  "Agreed",
  "Decided",
  "Answered",
  "Refused",
  "Undecided",
  "Unrevealed",
  "Unanswered",
  "Falsified",
  "Cancelled",
] as const;
export type JobStateName = (typeof JOB_STATES)[number];

const FIRST_FINAL = JOB_STATES.indexOf("Agreed");

/** Whether nothing more can become of a job. */
export const isFinalName = (state: JobStateName): boolean => JOB_STATES.indexOf(state) >= FIRST_FINAL;

const SETTLED: Readonly<Record<number, JobStateName>> = {
  [JobState.Agreed]: "Agreed",
  [JobState.Decided]: "Decided",
  [JobState.Refused]: "Refused",
  [JobState.Undecided]: "Undecided",
  [JobState.Unrevealed]: "Unrevealed",
  [JobState.Unanswered]: "Unanswered",
  [JobState.Cancelled]: "Cancelled",
};
const CLOSED: Readonly<Record<number, JobStateName>> = {
  [OptimisticState.Answered]: "Answered",
  [OptimisticState.Refused]: "Refused",
  [OptimisticState.Unanswered]: "Unanswered",
  [OptimisticState.Falsified]: "Falsified",
  [OptimisticState.Cancelled]: "Cancelled",
  [OptimisticState.Undecided]: "Undecided",
};

/** What a state means, for people who see the word for the first time. */
export const STATE_TEXT: Readonly<Record<JobStateName, string>> = {
  Ordered: "Ordered. Nobody has answered yet.",
  Open: "Open: any node can reserve it, at a price that rises.",
  Reserved: "A node has reserved it and must answer.",
  Drawn: "The seed is known: the nodes that are drawn can seal their answers.",
  Sealed: "Answers are sealed: nobody can see those of others.",
  Revealed: "Answers are being shown.",
  "Answered, not final": "A node has answered. The answer can be disputed.",
  Audit: "The nodes agree. One more is drawn to check them.",
  Appeal: "The answers differ. A larger draw decides.",
  Agreed: "All who answered gave the same output.",
  Decided: "Answers differed; one output stands, and those who stated another have lost collateral.",
  Answered: "The answer stands.",
  Refused: "There is no output: the answer is an error.",
  Undecided: "No output was found to stand. The requester is refunded.",
  Unrevealed: "Too few have shown what they sealed. The requester is refunded.",
  Unanswered: "Nobody answered in time. The requester is refunded.",
  Falsified: "The answer was proven false. The requester is refunded.",
  Cancelled: "The requester took the order back.",
};

/** The tone in which a state is shown. */
export function stateTone(state: JobStateName): "good" | "bad" | "wait" | "plain" {
  if (!isFinalName(state)) return "wait";
  if (state === "Agreed" || state === "Decided" || state === "Answered") return "good";
  return state === "Falsified" || state === "Unrevealed" ? "bad" : "plain";
}

/** Where a job stands, as far as its events tell. */
export function stateOf(track: JobTrack): JobStateName {
  const { market } = track.order.terms;
  let state: JobStateName = firstState(track);
  for (const event of track.events) {
    switch (event.name) {
      case "SeedRecorded":
        state = "Drawn";
        break;
      case "JobReserved":
        state = "Reserved";
        break;
      case "ResultSealed":
        if (state !== "Audit" && state !== "Appeal") state = "Sealed";
        break;
      case "ResultRevealed":
        if (state !== "Audit" && state !== "Appeal") state = "Revealed";
        break;
      case "DrawStarted":
        state = Number(event.args.state) === JobState.Audit ? "Audit" : "Appeal";
        break;
      case "JobAnswered":
        state = "Answered, not final";
        break;
      case "JobReopened":
        state = "Open";
        break;
      case "JobSettled":
      case "JobClosed":
        return finalState(market, Number(event.args.state)) ?? state;
      default:
    }
  }
  return state;
}

function firstState({ order: { terms } }: JobTrack): JobStateName {
  return terms.market === "optimistic" && BigInt(terms.job.node) === 0n ? "Open" : "Ordered";
}

const finalState = (market: JobMarket, state: number): JobStateName | undefined =>
  (market === "market" ? SETTLED : CLOSED)[state];
