import type { EventIndex } from "../history/EventIndex.ts";
import { folded } from "./folded.ts";
import { jobsOf, type JobSummary } from "./jobs.ts";

/** The deployment in a few numbers. */
export interface Overview {
  /** How many jobs there are, and how many are not final. */
  readonly jobs: number;
  readonly running: number;
  /** Pay, royalties and fees of all jobs and sessions that have been settled; base units of OPG. */
  readonly settled: bigint;
  /** Answers that nodes have stated on chain: reveals, answers without seals, receipts that were shown. */
  readonly statements: number;
  /** How many of them somebody has challenged, refuted or demanded words of. */
  readonly disputed: number;
}

/** The deployment in a few numbers. */
export const overviewOf: (index: EventIndex) => Overview = folded((index) => {
  const jobs = jobsOf(index);
  const stated = jobs.reduce((sum, { statements }) => sum + statements.length, 0);
  const disputes = index.named("Challenged", "WordsDemanded", "DisputeEnded");
  return {
    jobs: jobs.length,
    running: jobs.filter(({ isFinal }) => !isFinal).length,
    settled: settledIn(index),
    statements: stated + index.named("ReceiptShown").length,
    disputed: new Set(disputes.map(({ args }) => args.statementId)).size,
  };
});

function settledIn(index: EventIndex): bigint {
  const ends = index.named("JobSettled", "JobClosed", "SessionSettled");
  const paid = ends.reduce((sum, { args }) => sum + args.pay + args.fee + args.royalty, 0n);
  return index.named("AuditClosed").reduce((sum, { args }) => sum + args.pay + args.fee, paid);
}

const HOUR = 3_600;

/** How many jobs were ordered in each of the last hours up to `now` (unix seconds), oldest first; also the hours without any. */
export function jobsPerHour(
  jobs: readonly Pick<JobSummary, "orderedAt">[],
  now: number,
  hours: number,
): readonly [at: number, count: number][] {
  const last = Math.floor(now / HOUR);
  const counts = new Map<number, number>();
  for (const { orderedAt } of jobs) {
    const hour = Math.floor(orderedAt / HOUR);
    counts.set(hour, (counts.get(hour) ?? 0) + 1);
  }
  return Array.from({ length: hours }, (_, i) => {
    const hour = last - hours + 1 + i;
    return [hour * HOUR, counts.get(hour) ?? 0];
  });
}
