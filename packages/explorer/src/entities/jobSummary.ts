import type { JobMarket } from "./jobOrders.ts";
import { answersOf, type JobStatement, roundsOf, statementsOf } from "./jobRounds.ts";
import { isFinalName, type JobStateName, stateOf } from "./jobStates.ts";
import type { JobEvent, JobTrack } from "./jobTracks.ts";

/** A job of either market in a line. Amounts in base units of OPG, times in unix seconds. */
export interface JobSummary {
  readonly id: string;
  /** Several nodes are drawn, or one answers. */
  readonly market: JobMarket;
  readonly requester: string;
  readonly versionId: string;
  readonly state: JobStateName;
  readonly isFinal: boolean;
  readonly orderedAt: number;
  /** The transaction of the order. */
  readonly tx: string;
  readonly settledAt: number | undefined;
  readonly settledTx: string | undefined;
  /** What the order took from its requester's balance. */
  readonly escrow: bigint;
  /** What a seat earns; where one node answers, what it earns at most. */
  readonly price: bigint;
  /** What it has cost its requester in the end: below zero where amends were more. Undefined as long as it goes on. */
  readonly cost: bigint | undefined;
  /** Nodes that have sealed or answered, each once. */
  readonly nodes: readonly string[];
  /** What nodes have stated, oldest first. */
  readonly statements: readonly JobStatement[];
  /** Root of the result; undefined as long as there is none, and where the job ended without one. */
  readonly outputRoot: string | undefined;
}

interface Kept {
  readonly last: JobEvent | undefined;
  readonly count: number;
  readonly summary: JobSummary;
}

/** By the order, which stays the same object as long as its event does. */
const known = new WeakMap<JobTrack["order"], Kept>();

/** A job in a line. One to which nothing has happened since it was last looked at is not worked out again. */
export function summaryOf(track: JobTrack): JobSummary {
  const { order, events } = track;
  const [last, count] = [events.at(-1), events.length];
  const kept = known.get(order);
  if (kept !== undefined && kept.count === count && kept.last === last) return kept.summary;
  const summary = summarise(track);
  known.set(order, { last, count, summary });
  return summary;
}

function summarise(track: JobTrack): JobSummary {
  const { order, events } = track;
  const { terms } = order;
  const state = stateOf(track);
  const end = events.find(isEnd);
  const rounds = roundsOf(track);
  const answers = answersOf(track);
  const sealed = rounds.flatMap(({ seats }) => seats.map(({ node }) => node));
  return {
    id: order.id,
    market: terms.market,
    requester: terms.job.requester,
    versionId: terms.job.versionId,
    state,
    isFinal: isFinalName(state),
    orderedAt: order.orderedAt,
    tx: order.tx,
    settledAt: end?.timestamp,
    settledTx: end?.transactionHash,
    escrow: order.escrow,
    price: order.price,
    cost: end && order.escrow - backIn(track),
    nodes: [...new Set([...sealed, ...answers.map(({ node }) => node)])],
    statements: statementsOf(rounds, answers),
    outputRoot: end === undefined || BigInt(end.args.outputRoot) === 0n ? undefined : end.args.outputRoot,
  };
}

const isEnd = (event: JobEvent): event is Extract<JobEvent, { readonly name: "JobSettled" | "JobClosed" }> =>
  event.name === "JobSettled" || event.name === "JobClosed";

/** What came to the requester: back out of the escrow, and as amends. */
function backIn({ order, events }: JobTrack): bigint {
  // The market of several nodes has made the amends a part of the refund.
  const isApart = order.terms.market === "optimistic";
  return events.reduce((sum, event) => {
    switch (event.name) {
      case "JobReopened":
      case "JobSettled":
      case "JobClosed":
        return sum + event.args.refund;
      case "LiePaid":
      case "AbsencePaid":
        return isApart ? sum + event.args.compensation : sum;
      case "TipReclaimed":
        return sum + event.args.amount;
      default:
        return sum;
    }
  }, 0n);
}
