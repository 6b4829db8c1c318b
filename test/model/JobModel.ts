import { ZeroHash } from "ethers";

import { JobState, type Job, type PackedJob } from "../../packages/sdk/src/codecs/job.ts";
import type { Rules } from "../../packages/sdk/src/codecs/rules.ts";
import type { RoundModel, RoundTerms } from "./RoundModel.ts";

export const BPS = 10_000n;
const AUDIT_QUORUM = 1;

/** Most nodes that sit in a draw with this quorum. */
const seatBound = (quorum: number): number => 3 * quorum + 3;

/** The governed numbers, for arithmetic with times and counts. */
export type RuleNumbers = Readonly<Record<keyof Rules, number>>;

/** One job: its terms, which never change, and what became of it. */
export class JobModel {
  state: JobState = JobState.Open;
  seedBlockFixed = false;
  delivered = false;
  tipReclaimed = false;
  seed = 0n;
  satWeight = 0n;
  /** The job's output, or agreed error, once it has ended; zero where there is none. */
  result: string = ZeroHash;

  constructor(
    readonly id: string,
    readonly packed: PackedJob,
    readonly terms: Job,
    readonly rules: RuleNumbers,
    /** First draw, audit, appeal. */
    readonly rounds: readonly [RoundModel, RoundModel, RoundModel],
    public seedBlock: number,
    public startedAt: number,
  ) {}

  get collateral(): bigint {
    return this.terms.seatPrice * BigInt(this.terms.collateralFactor);
  }

  /** What nodes can earn at most out of the escrow. */
  get seatEscrow(): bigint {
    const audited = this.terms.auditBps > 0 ? seatBound(AUDIT_QUORUM) : 0;
    return this.terms.seatPrice * BigInt(seatBound(this.terms.quorum) + audited);
  }

  get escrow(): bigint {
    return this.seatEscrow + this.fee(this.seatEscrow) + this.terms.royalty + this.terms.deliveryTip;
  }

  fee(earned: bigint): bigint {
    return (earned * BigInt(this.rules.feeBps)) / BPS;
  }

  /** Stake and weight count as they were here. */
  get weighedAt(): number {
    return this.terms.requestedAt - this.rules.activationPeriod;
  }

  get round(): RoundModel {
    const [first, audit, appeal] = this.rounds;
    return this.state === JobState.Open ? first : this.state === JobState.Audit ? audit : appeal;
  }

  /** All who sealed, draw by draw. */
  get seats(): string[] {
    return this.rounds.flatMap((round) => round.seats);
  }

  get isFinal(): boolean {
    return this.state > JobState.Appeal;
  }

  get hasResult(): boolean {
    return this.state === JobState.Agreed || this.state === JobState.Decided || this.state === JobState.Refused;
  }

  /** Length and first terms of the running draw. */
  get draw(): RoundTerms & { readonly step: number } {
    const { quorum, sealPeriod } = this.terms;
    const { rules, startedAt } = this;
    if (this.state === JobState.Open) {
      return {
        step: sealPeriod,
        sealEndsAt: startedAt + sealPeriod,
        lastSealEndsAt: startedAt + (1 + rules.widenSteps) * sealPeriod,
        revealPeriod: rules.revealPeriod,
        least: quorum,
        most: seatBound(quorum),
      };
    }
    const audit = this.state === JobState.Audit;
    return {
      step: rules.appealSealPeriod,
      sealEndsAt: startedAt + rules.appealSealPeriod,
      lastSealEndsAt: startedAt + (1 + rules.appealWidenSteps) * rules.appealSealPeriod,
      revealPeriod: rules.appealRevealPeriod,
      least: audit ? AUDIT_QUORUM : rules.appealSize,
      most: audit ? seatBound(AUDIT_QUORUM) : 2 * rules.appealSize,
    };
  }

  /** Begins the next state now. */
  enter(state: JobState, now: number): void {
    this.state = state;
    this.startedAt = now;
    this.seedBlockFixed = false;
    this.delivered = false;
    this.tipReclaimed = false;
  }
}
