import { ZeroHash } from "ethers";

import {
  collateralOf,
  escrowOf,
  isFinalState,
  type Job,
  JobState,
  unpackJob,
} from "../../../packages/sdk/src/codecs/job.ts";
import type { InferenceMarketplace } from "../../../typechain-types/index.ts";
import { entry } from "../NodeBooks.ts";
import { SEED_DELAY } from "../policy.ts";
import type { View } from "../views.ts";
import { found } from "../World.ts";
import { Accounts } from "./Accounts.ts";
import { Entries } from "./Control.ts";
import type { RoundsTelling, ToldRound } from "./RoundsTelling.ts";
import { Servings } from "./Servings.ts";
import type { StakingTelling } from "./StakingTelling.ts";
import { answer, changesNothing, type Hears, History, type Telling } from "./Telling.ts";

/** Where a settled job has the upper 176 bits of its result. */
const RESULT_SHIFT = 80n;
/** Attempts at a job. */
const FIRST = 0;
const APPEAL = 2;

interface ToldJob {
  readonly id: string;
  readonly terms: Job;
  state: JobState;
  seedBlockFixed: boolean;
  delivered: boolean;
  tipReclaimed: boolean;
  seed: bigint;
  seedBlock: bigint;
  /** Start of the running draw, or when the job became final. */
  startedAt: number;
  result: string;
  satWeight: bigint;
}

/** Jobs for several nodes, with the money, seats and weights that follow from them. */
export class MarketTelling implements Telling {
  private readonly accounts = new Accounts("market");
  private readonly servings = new Servings("market");
  private readonly entries = new Entries("market");
  private readonly jobs = new Map<string, ToldJob>();
  private readonly totals = new Map<string, History>();
  private rules: string = ZeroHash;
  readonly hears: Hears<InferenceMarketplace> = {
    ...this.accounts.hears,
    ...this.entries.hears,
    ...this.servings.hears,
    ServingSet: (args, at) => {
      this.servings.hears.ServingSet?.(args, at);
      const { versionId } = args;
      const served = [...this.servings.all.values()].filter(({ version }) => version === versionId);
      const sum = served.reduce((total, { weight }) => total + weight.present, 0n);
      entry(this.totals, versionId, () => new History()).set(at.time, sum);
    },
    RulesSet: ({ rules }) => {
      this.rules = rules;
    },
    JobRequested: ({ jobId, requester, job }, { time, block }) => {
      const terms = unpackJob(job);
      this.accounts.credit(requester, -escrowOf(terms));
      this.jobs.set(jobId, {
        id: jobId,
        terms,
        state: JobState.Open,
        seedBlockFixed: false,
        delivered: false,
        tipReclaimed: false,
        seed: 0n,
        seedBlock: BigInt(block + SEED_DELAY),
        startedAt: time + this.seedDelayPeriod,
        result: ZeroHash,
        satWeight: 0n,
      });
    },
    SeedRecorded: ({ jobId, seed }) => {
      this.job(jobId).seed = seed;
    },
    SeedBlockFixed: ({ jobId, seedBlock }) => {
      const job = this.job(jobId);
      job.seedBlock = seedBlock;
      job.seedBlockFixed = true;
    },
    DrawStarted: ({ jobId, state, seed, satWeight }, { time }) => {
      const job = this.job(jobId);
      job.state = Number(state) as JobState;
      job.seedBlockFixed = false;
      job.seed = seed;
      job.satWeight = satWeight;
      job.startedAt = time;
    },
    SeatSlashed: ({ jobId, node, amount }) => {
      this.servings.of(node, this.job(jobId).terms.versionId).maxLock -= amount;
    },
    JobSettled: ({ jobId, state, outputRoot, refund, fee, royalty, pay, share }, { time }) => {
      const job = this.job(jobId);
      job.state = Number(state) as JobState;
      job.seedBlockFixed = false;
      job.result = outputRoot;
      job.startedAt = time;
      this.accounts.credit(job.terms.requester, refund);
      this.accounts.creditFees(job.terms.requester, fee);
      this.accounts.credit(job.terms.royaltyPayee, royalty);
      this.paySeats(job, pay, share);
    },
    ResultDelivered: ({ jobId, deliverer, tip }) => {
      this.job(jobId).delivered = true;
      this.accounts.credit(deliverer, tip);
    },
    TipReclaimed: ({ jobId, requester, amount }) => {
      this.job(jobId).tipReclaimed = true;
      this.accounts.credit(requester, amount);
    },
    DeliveryFailed: changesNothing,
  };

  /** @param seedDelayPeriod Seconds, as the market was deployed with. */
  constructor(
    private readonly rounds: RoundsTelling,
    private readonly staking: StakingTelling,
    private readonly seedDelayPeriod: number,
  ) {}

  answers(now: number): View[] {
    for (const serving of this.servings.all.values()) serving.used = this.usedOf(serving.node, serving.version);
    return [
      ...this.entries.answers(),
      ...this.accounts.answers(),
      ...this.servings.answers(),
      answer("market", "governed", [], this.rules, this.accounts.treasury),
      ...[...this.jobs.values()].map((job) => answer("market", "jobOf", [job.id], wordOf(job), job.satWeight)),
      ...this.weights(now),
    ];
  }

  /** Every right seat gets the same. */
  private paySeats(job: ToldJob, pay: bigint, share: bigint): void {
    const { versionId } = job.terms;
    const rights = this.rounds
      .ofJob(job.id)
      .flatMap((round) => rightsOf(round, job.result).map((node) => ({ node, attempt: round.attempt })));
    const isDecided = job.state === JobState.Decided;
    const paid = rights.filter(({ attempt }) => !isDecided || attempt !== APPEAL);
    const sharers = rights.filter(({ attempt }) => attempt === (isDecided ? APPEAL : FIRST));
    for (const { node } of paid) this.servings.of(node, versionId).earned += pay / BigInt(paid.length);
    for (const { node } of sharers) this.servings.of(node, versionId).earned += share;
  }

  /** What of a lock answers for seats of jobs under way. */
  private usedOf(node: string, version: string): bigint {
    return [...this.jobs.values()]
      .filter(({ state, terms }) => !isFinalState(state) && terms.versionId === version)
      .flatMap((job) => this.rounds.ofJob(job.id).map(({ seals }) => (seals.has(node) ? collateralOf(job.terms) : 0n)))
      .reduce((sum, collateral) => sum + collateral, 0n);
  }

  /** Now, and wherever a weight has changed. */
  private weights(now: number): View[] {
    return [...this.servings.all.values()].flatMap(({ node, version, weight }) =>
      [now, ...weight.edges].map((time) => {
        const stake = this.staking.stakeAt(node, time);
        const served = weight.at(time);
        const total = this.totals.get(version)?.at(time) ?? 0n;
        return answer("market", "weightsAt", [node, version, time], stake < served ? stake : served, total);
      }),
    );
  }

  private job(jobId: string): ToldJob {
    return found(this.jobs, jobId);
  }
}

/** Who has revealed the result; where there is none, all who revealed. */
function rightsOf({ isPacked, seals, reveals }: ToldRound, result: string): string[] {
  // A packed round ends only with the one output that all have shown for the length of a transaction.
  if (isPacked) return result === ZeroHash ? [] : [...seals.keys()];
  return [...reveals].filter(([, output]) => result === ZeroHash || output === result).map(([node]) => node);
}

/** @see the layout of JobRecord in contracts/types/JobTypes.sol */
function wordOf(job: ToldJob): bigint {
  const flags = (BigInt(job.seedBlockFixed) << 8n) | (BigInt(job.delivered) << 16n) | (BigInt(job.tipReclaimed) << 24n);
  const seeding = (job.seedBlock << 128n) | job.seed;
  const kept = isFinalState(job.state) ? BigInt(job.result) >> RESULT_SHIFT : seeding;
  return BigInt(job.state) | flags | (kept << 32n) | (BigInt(job.startedAt) << 208n);
}
