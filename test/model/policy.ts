import { ZeroHash } from "ethers";

import { drawSeed, isAudited } from "../../packages/sdk/src/codecs/draw.ts";
import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { faultOf, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import type { Clock } from "./Clock.ts";
import { BPS, type JobModel } from "./JobModel.ts";
import { demand } from "./Refusal.ts";
import type { RoundModel } from "./RoundModel.ts";

/** Blocks from the one that fixes a seed's block to that block. */
export const SEED_DELAY = 2;

/** Where a job can go now. */
export interface Course {
  readonly next: JobState;
  /** Nothing is due before somebody fixes the block of the next seed. */
  readonly awaitsSeedBlock: boolean;
  /** Of the block that seeds an audit or appeal. */
  readonly seedHash: string;
}

/** What the end of a job means for one seat. */
export interface SeatOutcome {
  readonly node: string;
  readonly earned: bigint;
  readonly lost: bigint;
  /** It is paid out of what others lose. */
  readonly shares: boolean;
}

export interface Settlement {
  readonly outcomes: readonly SeatOutcome[];
  readonly harm: bigint;
  readonly compensation: bigint;
}

export type Seeding = { readonly hash: string } | "missed" | "block not fixed" | "block not mined";

/** The seed of a first draw. */
export function firstSeed(job: JobModel, clock: Clock, seedPeriod: number): Seeding {
  return clock.now >= job.terms.requestedAt + seedPeriod ? "missed" : hashAt(job.seedBlock, clock);
}

/** Where a job under way can go now, and by which seed. */
export function courseOf(job: JobModel, clock: Clock, seedPeriod: number): Course {
  const stays = { next: job.state, awaitsSeedBlock: false, seedHash: ZeroHash };
  const to = (next: JobState) => ({ ...stays, next });
  const { round } = job;
  if (isSealing(job, clock)) {
    const missed = job.seed === 0n && firstSeed(job, clock, seedPeriod) === "missed";
    return missed ? to(JobState.Unanswered) : stays;
  }
  if (job.state === JobState.Open && round.sealedCount < job.terms.quorum) return to(JobState.Unanswered);
  if (!round.isOver) return stays;
  if (job.state === JobState.Appeal) return to(decides(job) ? JobState.Decided : JobState.Undecided);

  const verdict = compare(job);
  if (verdict !== "agreed" && verdict !== "disputed") return to(verdict);
  const seeding = nextSeed(job, clock, seedPeriod);
  if (seeding === "missed") return to(verdict === "agreed" ? JobState.Agreed : JobState.Undecided);
  if (seeding === "block not fixed") return { ...stays, awaitsSeedBlock: true };
  if (seeding === "block not mined") return stays;
  const audited = isAudited(drawSeed(seeding.hash, job.id, JobState.Agreed), job.terms.auditBps);
  const next = verdict === "disputed" ? JobState.Appeal : audited ? JobState.Audit : JobState.Agreed;
  return { next, awaitsSeedBlock: false, seedHash: seeding.hash };
}

/** What reveals of a first draw or an audit lead to; "agreed" may still be audited. */
function compare(job: JobModel): JobState | "agreed" | "disputed" {
  const { round, rounds } = job;
  const audit = job.state === JobState.Audit;
  if (audit && round.revealedCount === 0) return JobState.Agreed;
  if (!audit && round.revealedCount < job.terms.quorum) return JobState.Unrevealed;
  const unanimous = round.leaderCount === round.revealedCount && round.leader === rounds[0].leader;
  if (!unanimous) return "disputed";
  if (faultOf(round.leader) !== PayloadError.None) return JobState.Refused;
  return audit || job.terms.auditBps === 0 ? JobState.Agreed : "agreed";
}

/** Two thirds of the appeal's size have revealed, and two thirds of those agree. */
function decides({ round, rules }: JobModel): boolean {
  return 3 * round.revealedCount >= 2 * rules.appealSize && 3 * round.leaderCount >= 2 * round.revealedCount;
}

function isSealing(job: JobModel, clock: Clock): boolean {
  return job.round.sealedCount > 0 ? job.round.isSealing : clock.now < job.draw.lastSealEndsAt;
}

function nextSeed(job: JobModel, clock: Clock, seedPeriod: number): Seeding {
  const { round } = job;
  const lateAt = round.revealEndsAt + seedPeriod;
  if (round.revealedCount === round.sealedCount) return inTime(lateAt, round.lastRevealBlock + SEED_DELAY, clock);
  if (job.seedBlockFixed) return inTime(lateAt + seedPeriod, job.seedBlock, clock);
  return clock.now >= lateAt ? "missed" : "block not fixed";
}

/** A seed that must be used before a time. */
const inTime = (lateAt: number, block: number, clock: Clock): Seeding =>
  clock.now >= lateAt ? "missed" : hashAt(block, clock);

function hashAt(block: number, clock: Clock): Seeding {
  if (clock.block <= block) return "block not mined";
  const hash = clock.hashOf(block);
  return hash === undefined ? "missed" : { hash };
}

/** Refuses unless `seats` are exactly those who sealed, draw by draw, each ascending. */
export function checkSeats(job: JobModel, seats: readonly string[]): void {
  let from = 0;
  const drawn = job.rounds.slice(0, Math.min(job.state, JobState.Appeal));
  for (const round of drawn) {
    const to = from + round.sealedCount;
    demand(to <= seats.length, "PolicyWrongSeats", job.id, seats.length, to);
    seats.slice(from, to).forEach((node, i, listed) => {
      const ascends = i === 0 || node > (listed[i - 1] ?? "");
      demand(ascends && round.entries.has(node), "CommitmentsNotSealed", round.id, node);
    });
    from = to;
  }
  demand(from === seats.length, "PolicyWrongSeats", job.id, seats.length, from);
}

/** A seat and what it did. */
interface Seat {
  readonly node: string;
  readonly draw: "first" | "audit" | "appeal";
  readonly did: "right" | "wrong" | "silent";
}

/** How a job ends in `state`, which must be where it can go. */
export function settle(job: JobModel, state: JobState): Settlement {
  const winner = state === JobState.Decided ? job.round.leader : undefined;
  const seats = seatsOf(job, winner);
  const rights = (draws: readonly Seat["draw"][]) =>
    BigInt(seats.filter((seat) => seat.did === "right" && draws.includes(seat.draw)).length);
  const { collateral, rules } = job;
  const price = job.terms.seatPrice;
  const part = (amount: bigint, bps: number) => (amount * BigInt(bps)) / BPS;
  const absence = part(collateral, rules.absenceBps);
  const all = (meaning: (seat: Seat) => Omit<SeatOutcome, "node">) =>
    seats.map((seat) => ({ node: seat.node, ...meaning(seat) }));
  const nothing = { earned: 0n, lost: 0n, shares: false };

  switch (state) {
    case JobState.Agreed:
    case JobState.Refused: {
      const firstPay = state === JobState.Agreed ? price : part(price, rules.errorFeeBps);
      const auditSilence = rights(["audit"]) === 0n ? collateral : absence;
      return {
        outcomes: all(({ draw, did }) => {
          if (did !== "right") return { ...nothing, lost: draw === "audit" ? auditSilence : absence };
          return { ...nothing, earned: draw === "audit" ? price : firstPay, shares: draw === "first" };
        }),
        harm: 0n,
        compensation: price * BigInt(seats.filter(({ did }) => did !== "right").length),
      };
    }
    case JobState.Decided:
      return {
        outcomes: all(({ draw, did }) => {
          if (did !== "right") return { ...nothing, lost: collateral };
          return draw === "appeal" ? { ...nothing, shares: true } : { ...nothing, earned: price };
        }),
        harm: price * rights(["first", "audit", "appeal"]),
        compensation: 2n * price,
      };
    case JobState.Undecided: {
      const reveals = rights(["first", "audit", "appeal"]);
      const fee = part(price, rules.noResultFeeBps);
      const most = job.seatEscrow / reveals;
      return {
        outcomes: all(({ draw, did }) => {
          if (did === "right") return { ...nothing, earned: fee < most ? fee : most };
          return { ...nothing, lost: draw === "appeal" ? collateral : 0n };
        }),
        harm: 0n,
        compensation: 0n,
      };
    }
    case JobState.Unrevealed:
      return {
        outcomes: all(({ did }) => (did === "right" ? { ...nothing, shares: true } : { ...nothing, lost: collateral })),
        harm: 0n,
        compensation: price * (rights(["first"]) + 2n),
      };
    default:
      return { outcomes: all(() => nothing), harm: 0n, compensation: 0n };
  }
}

/** Every seat and what it did; without a winner every reveal is right. */
function seatsOf(job: JobModel, winner: string | undefined): Seat[] {
  const draws = ["first", "audit", "appeal"] as const;
  return draws.flatMap((draw, i) => {
    const round = job.rounds[i] as RoundModel;
    return round.seats.map((node): Seat => {
      const output = round.entries.get(node)?.output;
      if (output === undefined) return { node, draw, did: "silent" };
      return { node, draw, did: winner === undefined || output === winner ? "right" : "wrong" };
    });
  });
}
