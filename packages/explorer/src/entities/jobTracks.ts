import type { EventIndex, TimedEvent, TimedEventNamed } from "../history/EventIndex.ts";
import { folded } from "./folded.ts";
import { type JobOrder, type OrderEvent, orderOf } from "./jobOrders.ts";
import { sameId } from "./sameId.ts";

/** Events that name a job. */
const OF_JOBS = [
  "SeedRecorded",
  "SeedBlockFixed",
  "DrawStarted",
  "RoundOpened",
  "JobReserved",
  "JobAnswered",
  "JobReopened",
  "SeatSlashed",
  "LiePaid",
  "AbsencePaid",
  "AuditClosed",
  "JobSettled",
  "JobClosed",
  "ResultDelivered",
  "DeliveryFailed",
  "TipReclaimed",
] as const;
/** Events that name a round. */
const OF_ROUNDS = ["ResultSealed", "RoundUnpacked", "ResultRevealed", "RevealSkipped"] as const;
const ORDERS = ["JobRequested", "JobOffered"] as const;

/** An event of a job or of one of its rounds. */
export type JobEvent = TimedEventNamed<(typeof OF_JOBS)[number] | (typeof OF_ROUNDS)[number]>;

/** A job and what has happened with it. */
export interface JobTrack {
  readonly order: JobOrder;
  /** Oldest first, without the order. */
  readonly events: readonly JobEvent[];
}

interface Growing {
  readonly order: JobOrder;
  readonly events: JobEvent[];
}

/** All jobs by their id, oldest first, each with its events: one pass over the history. */
export const jobTracksOf: (index: EventIndex) => ReadonlyMap<string, JobTrack> = folded((index) => {
  const jobs = new Map<string, Growing>();
  const rounds = new Map<string, Growing>();
  for (const event of index.named(...ORDERS, ...OF_JOBS, ...OF_ROUNDS)) {
    if (isOrder(event)) jobs.set(event.args.jobId, { order: orderOf(event), events: [] });
    else if ("jobId" in event.args) addToJob(jobs, rounds, event);
    else rounds.get(event.args.roundId)?.events.push(event);
  }
  return jobs;
});

function addToJob(jobs: Map<string, Growing>, rounds: Map<string, Growing>, event: JobEvent): void {
  if (!("jobId" in event.args)) return;
  const track = jobs.get(event.args.jobId);
  if (track === undefined) return;
  track.events.push(event);
  if (event.name === "RoundOpened") rounds.set(event.args.roundId, track);
}

/** One job and what has happened with it, without a pass over all others. */
export function jobTrackOf(index: EventIndex, id: string): JobTrack | undefined {
  const about = index.about(id);
  const ordered = about.find((event) => isOrder(event) && sameId(event.args.jobId, id));
  if (ordered === undefined || !isOrder(ordered)) return undefined;
  const own = about.filter(isOfJob).filter(({ args }) => "jobId" in args && sameId(args.jobId, id));
  const opened = own.filter((event) => event.name === "RoundOpened");
  const inRounds = opened.flatMap(({ args }) => index.about(args.roundId).filter(isOfRound));
  return { order: orderOf(ordered), events: [...own, ...inRounds].toSorted(byTime) };
}

/** Oldest first. */
export const byTime = (a: TimedEvent, b: TimedEvent): number =>
  a.blockNumber - b.blockNumber || a.logIndex - b.logIndex;

const names = {
  orders: new Set<string>(ORDERS),
  jobs: new Set<string>(OF_JOBS),
  rounds: new Set<string>(OF_ROUNDS),
};
const isOrder = (event: TimedEvent): event is OrderEvent => names.orders.has(event.name);
const isOfJob = (event: TimedEvent): event is TimedEventNamed<(typeof OF_JOBS)[number]> => names.jobs.has(event.name);
const isOfRound = (event: TimedEvent): event is TimedEventNamed<(typeof OF_ROUNDS)[number]> =>
  names.rounds.has(event.name);
