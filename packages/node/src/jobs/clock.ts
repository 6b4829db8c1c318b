import {
  AUDIT_QUORUM,
  JobState,
  seatBound,
  sealingEndsAt,
  type Job,
  type JobRecord,
  type Round,
} from "@opg-protocol/sdk";

/** The clock of the draw that runs. Times in unix seconds. */
export interface DrawClock {
  /** 0 first draw, 1 audit, 2 appeal. */
  readonly attempt: number;
  readonly quorum: number;
  readonly most: number;
  readonly startsAt: number;
  readonly sealPeriod: number;
  readonly widenSteps: number;
}

/** The draw that runs in a state that is under way. */
export function drawClock(job: Job, record: JobRecord): DrawClock {
  const { rules } = job;
  const startsAt = record.startedAt;
  if (record.state === JobState.Open) {
    const { quorum, sealPeriod } = job;
    return { attempt: 0, quorum, most: seatBound(quorum), startsAt, sealPeriod, widenSteps: Number(rules.widenSteps) };
  }
  const audit = record.state === JobState.Audit;
  const quorum = audit ? AUDIT_QUORUM : Number(rules.appealSize);
  return {
    attempt: audit ? 1 : 2,
    quorum,
    most: audit ? seatBound(AUDIT_QUORUM) : 2 * quorum,
    startsAt,
    sealPeriod: Number(rules.appealSealPeriod),
    widenSteps: Number(rules.appealWidenSteps),
  };
}

/** When sealing is over, as far as is known at `time`. */
export function sealingEnd(clock: DrawClock, round: Round, time: number): number {
  if (round.sealedCount > 0) return sealingEndsAt(round, time);
  return clock.startsAt + (1 + clock.widenSteps) * clock.sealPeriod;
}

/** When the sealing step ends that runs at `time`. */
export function stepEnd({ startsAt, sealPeriod }: DrawClock, time: number): number {
  return startsAt + (Math.floor((time - startsAt) / sealPeriod) + 1) * sealPeriod;
}
