import {
  disputableUntil,
  drawTerms,
  type Job,
  type JobRecord,
  type OptimisticJob,
  revealEndsAt,
  type Round,
  sealingEndsAt,
} from "@opg-protocol/sdk";

import type { JobView } from "./jobView.ts";

/** Something that ends by itself. */
export interface JobClock {
  readonly label: string;
  /** Unix seconds. */
  readonly until: number;
}

/** From when on a requester can have its tip back. */
const TIP_PERIOD = 30 * 86_400;

/**
 * The clocks of a job that run at `now` (unix seconds).
 * @param record What storage keeps of a job that several nodes answer: it says when a draw begins of which no seal tells.
 */
export function clocksOf(view: JobView, now: number, record?: JobRecord): readonly JobClock[] {
  const { summary, order, delivery } = view;
  if (summary.isFinal) {
    const hasTip = delivery.tip > 0n && delivery.state !== "delivered" && summary.outputRoot !== undefined;
    const until = (summary.settledAt ?? 0) + TIP_PERIOD;
    return running(now, hasTip ? [{ label: "The requester can take the tip back", until }] : []);
  }
  const { terms } = order;
  const clocks =
    terms.market === "market" ? clocksOfDraw(view, terms.job, now, record) : clocksOfAttempt(view, terms.job, now);
  return running(now, clocks);
}

const running = (now: number, clocks: readonly JobClock[]): readonly JobClock[] =>
  clocks.filter(({ until }) => until > now);

function clocksOfDraw(view: JobView, job: Job, now: number, record: JobRecord | undefined): readonly JobClock[] {
  const { state } = view.summary;
  const attempt = state === "Audit" ? 1 : state === "Appeal" ? 2 : 0;
  const found = view.rounds.findLast((round) => round.attempt === attempt);
  if (found !== undefined) return clocksOfRound(found.round, now);
  const terms = record && drawTerms(job, record);
  if (terms === undefined) return [];
  const { startsAt, stepPeriod, lastStep } = terms;
  return now < startsAt
    ? [{ label: "Sealing begins", until: startsAt }]
    : [{ label: "Sealing ends at the latest", until: startsAt + (lastStep + 1) * stepPeriod }];
}

function clocksOfRound(round: Round, now: number): readonly JobClock[] {
  const sealing = sealingEndsAt(round, now);
  if (now < sealing) return [{ label: "Sealing ends", until: sealing }];
  const isRevealed = round.revealedCount >= round.sealedCount;
  return [
    ...(isRevealed ? [] : [{ label: "Revealing ends", until: revealEndsAt(round, now) }]),
    { label: "The time to challenge answers ends", until: disputableUntil(round, now) },
  ];
}

function clocksOfAttempt(view: JobView, job: OptimisticJob, now: number): readonly JobClock[] {
  const { summary, answers, rounds, reservation } = view;
  switch (summary.state) {
    case "Reserved":
      return [{ label: "The answer is due", until: reservation?.deadline ?? 0 }];
    case "Answered, not final":
      return [{ label: "The time to challenge the answer ends", until: answers.at(-1)?.disputableUntil ?? 0 }];
    case "Sealed":
    case "Revealed":
      return rounds.slice(-1).flatMap(({ round }) => clocksOfRound(round, now));
    case "Open":
      return [
        { label: "The price is highest", until: view.reopened === undefined ? risenAt(job) : 0 },
        { label: "The time to reserve it ends", until: answerDueAt(view, job) },
      ];
    default:
      return [{ label: "The answer is due", until: answerDueAt(view, job) }];
  }
}

const risenAt = (job: OptimisticJob): number => job.requestedAt + job.auctionDelay + job.auctionRamp;

/** When anybody can end a job that nobody has answered; unix seconds. */
export function answerDueAt({ summary, order, reservation, reopened }: JobView, job: OptimisticJob): number {
  if (reservation !== undefined) return reservation.deadline;
  if (reopened !== undefined) return reopened.at + job.answerPeriod;
  const rising = summary.state === "Open" ? job.auctionDelay + job.auctionRamp : 0;
  return order.orderedAt + job.answerPeriod + rising;
}
