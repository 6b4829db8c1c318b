import { ZeroAddress } from "ethers";

import type { PackedReveal, Reveal, RevealFault, SignedSeal } from "../../packages/sdk/src/codecs/commitment.ts";
import { drawSeed, isDrawn } from "../../packages/sdk/src/codecs/draw.ts";
import { JobState, type Order, resultOf } from "../../packages/sdk/src/codecs/job.ts";
import { faultOf, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import type { Pack } from "../support/packs.ts";
import type { AccountBook } from "./AccountBook.ts";
import { atomically, type Revertible, saveMap, together } from "./atomically.ts";
import type { Clock } from "./Clock.ts";
import type { GuardianModel } from "./GuardianModel.ts";
import { BPS, type JobModel, type RuleNumbers } from "./JobModel.ts";
import { entry } from "./NodeBooks.ts";
import {
  checkInput,
  checkOrder,
  checkUnrefereed,
  completed,
  type MarketConstants,
  numbersOf,
  place,
  within,
} from "./orders.ts";
import { checkSeats, type Course, courseOf, firstSeed, SEED_DELAY, settle } from "./policy.ts";
import { demand, Refusal } from "./Refusal.ts";
import type { RegistryModel } from "./RegistryModel.ts";
import type { RoundModel, RoundTerms } from "./RoundModel.ts";
import type { SeatBook } from "./SeatBook.ts";
import type { StakingModel } from "./StakingModel.ts";
import { Timeline } from "./Timeline.ts";

const OPG = 10n ** 18n;
/** Seconds after which a tip that nobody earned comes back. */
export const TIP_PERIOD = 30 * 86_400;

/** What the model must be told, and whom it tells. */
export interface Surroundings {
  /** Whether a callback takes results. */
  readonly takes: (callback: string) => boolean;
  readonly note: (what: string) => void;
}

/** A seal as it is brought, and who has signed it; undefined if nobody has. */
export interface AuthoredSeal {
  readonly seal: SignedSeal;
  readonly author: string | undefined;
}

/** A draw in which nodes seal now: its seed and terms in the running step, and which step that is. */
interface Sealing {
  readonly seed: bigint;
  readonly step: number;
  readonly terms: RoundTerms;
}

/** What IInferenceMarketplace says, as a plain state machine. Every function takes its caller first. */
export class MarketModel implements Revertible {
  readonly jobs = new Map<string, JobModel>();
  private readonly weights = new Map<string, Timeline>();
  private readonly served = new Map<string, Timeline>();

  constructor(
    readonly constants: MarketConstants,
    public rules: string,
    readonly accounts: AccountBook,
    readonly seats: SeatBook,
    private readonly clock: Clock,
    private readonly registry: RegistryModel,
    private readonly staking: StakingModel,
    private readonly guardian: GuardianModel,
    private readonly surroundings: Surroundings,
  ) {}

  // Orders

  request(caller: string, order: Order, inputBytes: number): JobModel {
    checkInput(inputBytes, this.constants.mostInputBytes);
    this.guardian.checkOpen();
    const rules = numbersOf(this.rules);
    checkOrder(order, rules, this.constants);
    const quote = this.registry.quote(order.versionId, order.requester);
    checkUnrefereed(order, rules);
    const cap = (order.seatPrice * BigInt(order.quorum) * BigInt(rules.royaltyCapBps)) / BPS;
    const royalty = quote.royalty < cap ? quote.royalty : cap;
    demand(royalty <= (order.maxRoyalty ?? 0n), "MarketRoyaltyTooHigh", royalty, order.maxRoyalty ?? 0n);

    const job = place(order, { rules: this.rules, royalty, payee: quote.payee }, this.constants, this.clock);
    within("escrow", job.escrow, 0, BigInt(rules.drawnValueCap) * OPG);
    atomically([this.accounts], () => {
      this.accounts.debit(order.requester, job.escrow);
      this.accounts.checkSpender(caller, order.requester, job.escrow);
    });
    this.jobs.set(job.id, job);
    this.clock.want(job.seedBlock);
    return job;
  }

  cancel(caller: string, job: JobModel): void {
    const { requester } = job.terms;
    demand(caller === requester, "MarketNotRequester", caller, requester);
    demand(job.state === JobState.Open, "MarketWrongState", job.id, job.state);
    const lastBlock = job.terms.requestBlock + SEED_DELAY;
    demand(this.clock.block <= lastBlock, "MarketTooLateToCancel", job.id, lastBlock);
    this.enter(job, JobState.Cancelled);
    this.accounts.credit(requester, job.escrow);
  }

  // Draws

  commit(caller: string, job: JobModel, node: string, commitment: string): void {
    const sealing = this.sealingOf(job);
    atomically([this.seats], () => {
      this.sit(caller, job, node, sealing);
      job.round.seal(node, commitment, sealing.terms);
    });
    job.seed = sealing.seed;
  }

  /** Seats for nodes whose signers have signed their seals; somebody else brings them. All or none. */
  commitSigned(_caller: string, job: JobModel, signed: readonly AuthoredSeal[]): void {
    const sealing = this.sealingOf(job);
    const { round } = job;
    const seals = signed.map(({ seal: { node, commitment, r, vs }, author }) => {
      demand(author !== undefined, "CommitmentsBadSignature", round.id, node, r, vs);
      return { node, commitment, author };
    });
    atomically([this.seats, round], () => {
      round.sealMany(seals, sealing.terms, job.state === JobState.Open);
      for (const { node, author } of seals) this.sit(author, job, node, sealing);
    });
    job.seed = sealing.seed;
    if (round.isPacked) this.surroundings.note("round packed");
  }

  advance(_caller: string, job: JobModel, seats: readonly string[]): void {
    this.checkOpen(job);
    if (job.seed === 0n) {
      job.seed = this.firstSeedOf(job);
      return;
    }
    const { next, awaitsSeedBlock, seedHash } = this.courseOf(job);
    if (awaitsSeedBlock) {
      job.seedBlock = this.clock.block + SEED_DELAY;
      job.seedBlockFixed = true;
      this.clock.want(job.seedBlock);
      return;
    }
    const begins = next !== job.state && (next === JobState.Audit || next === JobState.Appeal);
    demand(begins, "MarketNotDue", job.id, job.state, next);
    checkSeats(job, seats);
    job.satWeight = seats.reduce(
      (sum, node) => sum + this.weightsAt(node, job.terms.versionId, job.weighedAt).weight,
      0n,
    );
    this.enter(job, next);
    job.seed = drawSeed(seedHash, job.id, next);
  }

  reveal(_caller: string, job: JobModel, attempt: number, node: string, output: string, salt: string): void {
    const round = roundOf(job, attempt);
    round.reveal(node, output, salt);
    this.clock.want(round.lastRevealBlock + SEED_DELAY);
  }

  revealMany(
    _caller: string,
    job: JobModel,
    attempt: number,
    reveals: readonly Reveal[],
    skipped: (node: string, fault: RevealFault) => void,
  ): void {
    const round = roundOf(job, attempt);
    round.revealMany(reveals, skipped);
    this.clock.want(round.lastRevealBlock + SEED_DELAY);
  }

  unpack(_caller: string, job: JobModel, attempt: number, given: Pack): void {
    roundOf(job, attempt).unpack(given);
  }

  // Ends

  settle(_caller: string, job: JobModel, seats: readonly string[]): void {
    this.finish(job, seats, (next) => {
      demand(next !== JobState.Unanswered, "MarketNotDue", job.id, job.state, next);
    });
  }

  expire(_caller: string, job: JobModel, seats: readonly string[]): void {
    this.finish(job, seats, (next) => {
      demand(next === JobState.Unanswered, "MarketNotDue", job.id, job.state, next);
    });
  }

  revealAndSettle(
    caller: string,
    job: JobModel,
    node: string,
    output: string,
    salt: string,
    seats: readonly string[],
  ): void {
    this.checkOpen(job);
    atomically([job.round], () => {
      job.round.reveal(node, output, salt);
      this.finish(job, seats);
    });
  }

  /** Reveals of many, and the end of the job with them. */
  relayReveals(
    caller: string,
    job: JobModel,
    attempt: number,
    reveals: readonly Reveal[],
    seats: readonly string[],
    skipped: (node: string, fault: RevealFault) => void,
  ): void {
    atomically([roundOf(job, attempt)], () => {
      this.revealMany(caller, job, attempt, reveals, skipped);
      this.settle(caller, job, seats);
    });
  }

  /** The end of a job whose packed round has the same output of all. */
  revealPackedAndSettle(
    caller: string,
    job: JobModel,
    attempt: number,
    round: bigint,
    output: string,
    reveals: readonly PackedReveal[],
  ): void {
    const seats = reveals.map(({ node }) => node);
    roundOf(job, attempt).whileShown(round, output, reveals, () => {
      this.settle(caller, job, seats);
    });
  }

  deliver(caller: string, job: JobModel, output: string): void {
    const { callback, deliveryTip } = job.terms;
    demand(job.hasResult, "MarketWrongState", job.id, job.state);
    demand(callback !== ZeroAddress && !job.delivered, "MarketNothingToDeliver", job.id);
    demand(output === job.result, "MarketWrongOutput", job.id, output, resultOf(job.result));
    if (!this.surroundings.takes(callback)) {
      this.surroundings.note("delivery failed");
      return;
    }
    job.delivered = true;
    if (!job.tipReclaimed) this.accounts.credit(caller, deliveryTip);
  }

  reclaimTip(_caller: string, job: JobModel): void {
    const { deliveryTip, requester } = job.terms;
    const reclaimableAt = job.startedAt + TIP_PERIOD;
    const kept = deliveryTip > 0n && job.hasResult && !job.delivered && !job.tipReclaimed;
    demand(kept && this.clock.now >= reclaimableAt, "MarketNoTipToReclaim", job.id, reclaimableAt);
    job.tipReclaimed = true;
    this.accounts.credit(requester, deliveryTip);
  }

  // Serving

  serve(caller: string, node: string, version: string, weight: bigint, maxLock: bigint, endsAt: number): void {
    const backing = this.staking.backing(this.staking.of(node));
    demand(weight <= backing, "MarketWeightNotBacked", node, weight, backing);
    this.seats.serve(caller, node, version, maxLock, endsAt);
    this.setWeight(node, version, weight);
  }

  unserve(caller: string, node: string, version: string): void {
    this.seats.unserve(caller, node, version);
    this.setWeight(node, version, 0n);
  }

  refreshServing(_caller: string, node: string, version: string): void {
    const backing = this.staking.backing(this.staking.of(node));
    if (backing < this.weightsOf(node, version).present) this.setWeight(node, version, backing);
  }

  // Governance

  /** The model knows numbers within their bounds only. */
  setRules(caller: string, rules: string, marginPeriod: number): void {
    demand(caller === this.constants.admin, "AccessManagedUnauthorized", caller);
    this.rules = completed(rules, marginPeriod, this.staking.thawPeriod, this.constants);
  }

  // Views

  weightsAt(node: string, version: string, time: number): { weight: bigint; total: bigint } {
    const stake = this.staking.stakeAt(node, time);
    const served = this.weightsOf(node, version).at(time);
    return { weight: stake < served ? stake : served, total: this.totalOf(version).at(time) };
  }

  /** What a node serves of a version weighs so much in draws. */
  weightsOf(node: string, version: string): Timeline {
    return entry(this.weights, `${node} ${version}`, () => new Timeline());
  }

  /** Whether a node may sit in the running draw at a step. */
  isDrawn(job: JobModel, node: string, seed: bigint, step: number): boolean {
    const { weight, total } = this.weightsAt(node, job.terms.versionId, job.weighedAt);
    const left = total - (job.state === JobState.Open ? 0n : job.satWeight);
    const seatFactorBps = BigInt(job.rules.seatFactorBps);
    return isDrawn({ seed, node, weight, totalWeight: left, quorum: job.draw.least, seatFactorBps, step });
  }

  /** All that the contract owes: balances, fees, escrows of jobs under way, unclaimed earnings and tips. */
  owed(): bigint {
    const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
    const jobs = [...this.jobs.values()].map((job) => {
      const tipKept = job.hasResult && !job.delivered && !job.tipReclaimed;
      return !job.isFinal ? job.escrow : tipKept ? job.terms.deliveryTip : 0n;
    });
    return sum(jobs) + this.accounts.owed + this.seats.owed;
  }

  /** What a request changes. */
  save(): () => void {
    return together([this.accounts.save(), saveMap(this.jobs)]);
  }

  private enter(job: JobModel, state: JobState): void {
    this.surroundings.note(`job ${nameOf(state)} after ${nameOf(job.state)}`);
    if (job.packed.rules !== this.rules) this.noteReplaced(job, state);
    job.enter(state, this.clock.now);
  }

  /** Says that a job goes on, or ends, under rules that were replaced since its request. */
  private noteReplaced(job: JobModel, state: JobState): void {
    this.surroundings.note(`job ${nameOf(state)} under replaced rules`);
    if (state <= JobState.Appeal) return;
    for (const [name, number] of Object.entries(numbersOf(this.rules))) {
      const other = job.rules[name as keyof RuleNumbers] !== number;
      if (other) this.surroundings.note(`job ended under another ${name}`);
    }
  }

  private checkOpen(job: JobModel): void {
    demand(!job.isFinal, "MarketWrongState", job.id, job.state);
  }

  private firstSeedOf(job: JobModel): bigint {
    const seeding = firstSeed(job, this.clock, this.constants.seedPeriod);
    demand(seeding !== "missed", "MarketSeedMissed", job.id, job.seedBlock);
    if (typeof seeding === "string") {
      throw new Refusal("MarketSealingNotOpen", [job.id, job.seedBlock, job.startedAt]);
    }
    return drawSeed(seeding.hash, job.id, JobState.Open);
  }

  /** Where a job can go now; nobody can say of a packed round. */
  private courseOf(job: JobModel): Course {
    for (const round of job.rounds) round.checkUnpacked();
    return courseOf(job, this.clock, this.constants.seedPeriod);
  }

  /** The running step of a draw in which nodes seal now. */
  private sealingOf(job: JobModel): Sealing {
    this.checkOpen(job);
    const seed = job.seed === 0n ? this.firstSeedOf(job) : job.seed;
    const { now } = this.clock;
    const { draw } = job;
    demand(now >= job.startedAt, "MarketSealingNotOpen", job.id, job.seedBlock, job.startedAt);
    demand(now < draw.lastSealEndsAt, "MarketSealingOver", job.id, draw.lastSealEndsAt);
    const step = Math.floor((now - job.startedAt) / draw.step);
    return { seed, step, terms: { ...draw, sealEndsAt: job.startedAt + (step + 1) * draw.step } };
  }

  private sit(author: string, job: JobModel, node: string, { seed, step }: Sealing): void {
    this.checkDrawn(author, job, node, seed, step);
    const earlier = job.rounds.slice(0, job.rounds.indexOf(job.round));
    demand(!earlier.some(({ entries }) => entries.has(node)), "MarketNotFresh", job.id, node);
    this.seats.take(node, job.terms.versionId, job.collateral, this.clock.now + job.rules.horizonPeriod);
  }

  private checkDrawn(caller: string, job: JobModel, node: string, seed: bigint, step: number): void {
    const { signer, covered } = this.staking.of(node);
    demand(caller === signer, "MarketNotSigner", node, caller, signer);
    demand(covered, "MarketNodeNotCovered", node);
    demand(this.isDrawn(job, node, seed, step), "MarketNotDrawn", job.id, node, step);
  }

  private finish(job: JobModel, seats: readonly string[], check?: (next: JobState) => void): void {
    this.checkOpen(job);
    const { next } = this.courseOf(job);
    demand(next > JobState.Appeal, "PolicyNotFinal", job.id, job.state, next);
    checkSeats(job, seats);
    check?.(next);

    const plan = settle(job, next);
    const price = job.terms.seatPrice;
    let { harm, compensation } = plan;
    let fund = 0n;
    for (const { node, earned, lost } of plan.outcomes) {
      this.seats.vacate(node, job.terms.versionId, job.collateral, earned);
      if (lost === 0n) continue;
      const { harmed, rewarded } = this.seats.slash(node, job.terms.versionId, lost, harm, compensation);
      harm -= harmed;
      compensation -= rewarded;
      fund += harmed + rewarded;
    }
    const sharing = plan.outcomes.filter(({ shares }) => shares);
    const even = sharing.length === 0 ? 0n : fund / BigInt(sharing.length);
    const share = even < price ? even : price;
    for (const { node } of sharing) this.seats.vacate(node, job.terms.versionId, 0n, share);
    this.enter(job, next);
    if (job.hasResult) job.result = job.rounds[next === JobState.Decided ? 2 : 0].leader;
    if (share > 0n) this.surroundings.note("share of what others lost");
    const pay = plan.outcomes.reduce((sum, { earned }) => sum + earned, 0n);
    this.payOut(job, pay, fund - share * BigInt(sharing.length));
  }

  /** Fee and royalty are due for an output alone; what is left goes to the requester. */
  private payOut(job: JobModel, pay: bigint, rest: bigint): void {
    const { royalty, royaltyPayee, deliveryTip, requester } = job.terms;
    const hasOutput = job.hasResult && faultOf(job.result) === PayloadError.None;
    const fee = hasOutput ? job.fee(pay) : 0n;
    const due = hasOutput ? royalty : 0n;
    const kept = job.hasResult ? deliveryTip : 0n;
    this.accounts.credit(royaltyPayee, due);
    this.accounts.of(requester).fees += fee;
    this.accounts.credit(requester, job.escrow + rest - pay - fee - due - kept);
  }

  private setWeight(node: string, version: string, weight: bigint): void {
    const weights = this.weightsOf(node, version);
    const total = this.totalOf(version);
    total.set(this.clock.now, total.present - weights.present + weight);
    weights.set(this.clock.now, weight);
  }

  private totalOf(version: string): Timeline {
    return entry(this.served, version, () => new Timeline());
  }
}

function roundOf(job: JobModel, attempt: number): RoundModel {
  const round = job.rounds[attempt];
  if (round === undefined) throw new Error(`There is no attempt ${attempt}`);
  return round;
}

const nameOf = (state: JobState) => Object.entries(JobState).find(([, value]) => value === state)?.[0] ?? "";
