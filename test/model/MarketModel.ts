import { ZeroAddress } from "ethers";

import { drawSeed, isDrawn } from "../../packages/sdk/src/codecs/draw.ts";
import { JobState, type Order, resultOf } from "../../packages/sdk/src/codecs/job.ts";
import { faultOf, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import type { Clock } from "./Clock.ts";
import type { GuardianModel } from "./GuardianModel.ts";
import { BPS, type JobModel, type RuleNumbers } from "./JobModel.ts";
import type { Ledger } from "./Ledger.ts";
import { entry } from "./NodeBooks.ts";
import { checkOrder, checkUnrefereed, completed, type MarketConstants, numbersOf, place, within } from "./orders.ts";
import { checkSeats, courseOf, firstSeed, SEED_DELAY, settle } from "./policy.ts";
import { demand, Refusal } from "./Refusal.ts";
import type { RegistryModel } from "./RegistryModel.ts";
import type { StakingModel } from "./StakingModel.ts";
import { Timeline } from "./Timeline.ts";

const OPG = 10n ** 18n;
/** Seconds after which a tip that nobody earned comes back. */
export const TIP_PERIOD = 30 * 86_400;
const MOST_URI_BYTES = 256;

/** What a node serves of a version. */
export interface Serving {
  weights: Timeline;
  maxLock: bigint;
  used: bigint;
  earned: bigint;
  endsAt: number;
}

/** What the model must be told, and whom it tells. */
export interface Surroundings {
  /** Whether a callback takes results. */
  readonly takes: (callback: string) => boolean;
  readonly note: (what: string) => void;
}

/** What IInferenceMarketplace says, as a plain state machine. Every function takes its caller first. */
export class MarketModel {
  readonly accounts = new Map<string, { balance: bigint; fees: bigint }>();
  readonly jobs = new Map<string, JobModel>();
  private readonly caps = new Map<string, Map<string, bigint>>();
  private readonly servings = new Map<string, Serving>();
  private readonly served = new Map<string, Timeline>();

  constructor(
    readonly constants: MarketConstants,
    public rules: string,
    public treasury: string,
    private readonly clock: Clock,
    private readonly token: Ledger,
    private readonly registry: RegistryModel,
    private readonly staking: StakingModel,
    private readonly guardian: GuardianModel,
    private readonly surroundings: Surroundings,
  ) {}

  account(account: string): { balance: bigint; fees: bigint } {
    return entry(this.accounts, account, () => ({ balance: 0n, fees: 0n }));
  }

  serving(node: string, version: string): Serving {
    const empty = () => ({ weights: new Timeline(), maxLock: 0n, used: 0n, earned: 0n, endsAt: 0 });
    return entry(this.servings, `${node} ${version}`, empty);
  }

  // Balances

  deposit(caller: string, account: string, amount: bigint): void {
    demand(account !== ZeroAddress, "LedgerZeroAccount");
    this.token.move(caller, this.constants.address, amount);
    this.account(account).balance += amount;
  }

  withdraw(caller: string, to: string, amount: bigint): void {
    demand(to !== ZeroAddress, "LedgerZeroAccount");
    this.debit(caller, amount);
    this.token.move(this.constants.address, to, amount);
  }

  collectFees(_caller: string, accounts: readonly string[]): void {
    for (const account of accounts.map((name) => this.account(name))) {
      this.token.move(this.constants.address, this.treasury, account.fees);
      account.fees = 0n;
    }
  }

  // Orders

  request(caller: string, order: Order, inputBytes: number): JobModel {
    within("input", inputBytes, 1, inputBytes > 0 ? MOST_URI_BYTES : this.constants.mostInputBytes);
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
    this.checkBalance(order.requester, job.escrow);
    this.spend(order.requester, caller, job.escrow);
    this.debit(order.requester, job.escrow);
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
    this.account(requester).balance += job.escrow;
  }

  // Draws

  commit(caller: string, job: JobModel, node: string, commitment: string): void {
    this.checkOpen(job);
    const seed = job.seed === 0n ? this.firstSeedOf(job) : job.seed;
    const { now } = this.clock;
    const { draw, round } = job;
    demand(now >= job.startedAt, "MarketSealingNotOpen", job.id, job.seedBlock, job.startedAt);
    demand(now < draw.lastSealEndsAt, "MarketSealingOver", job.id, draw.lastSealEndsAt);
    const step = Math.floor((now - job.startedAt) / draw.step);
    this.checkDrawn(caller, job, node, seed, step);
    const earlier = job.rounds.slice(0, job.rounds.indexOf(round));
    demand(!earlier.some(({ entries }) => entries.has(node)), "MarketNotFresh", job.id, node);
    this.checkFree(job, node);
    round.seal(node, commitment, { ...draw, sealEndsAt: job.startedAt + (step + 1) * draw.step });

    job.seed = seed;
    this.serving(node, job.terms.versionId).used += job.collateral;
  }

  advance(_caller: string, job: JobModel, seats: readonly string[]): void {
    this.checkOpen(job);
    if (job.seed === 0n) {
      job.seed = this.firstSeedOf(job);
      return;
    }
    const { next, awaitsSeedBlock, seedHash } = courseOf(job, this.clock, this.constants.seedPeriod);
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
    const round = job.rounds[attempt];
    if (round === undefined) throw new Error(`There is no attempt ${attempt}`);
    round.reveal(node, output, salt);
    this.clock.want(round.lastRevealBlock + SEED_DELAY);
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
    const { round } = job;
    const { leader, lastRevealBlock } = round;
    round.reveal(node, output, salt);
    try {
      this.finish(job, seats);
    } catch (error) {
      round.unreveal(node, leader, lastRevealBlock);
      throw error;
    }
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
    if (!job.tipReclaimed) this.account(caller).balance += deliveryTip;
  }

  reclaimTip(_caller: string, job: JobModel): void {
    const { deliveryTip, requester } = job.terms;
    const reclaimableAt = job.startedAt + TIP_PERIOD;
    const kept = deliveryTip > 0n && job.hasResult && !job.delivered && !job.tipReclaimed;
    demand(kept && this.clock.now >= reclaimableAt, "MarketNoTipToReclaim", job.id, reclaimableAt);
    job.tipReclaimed = true;
    this.account(requester).balance += deliveryTip;
  }

  // Serving

  serve(caller: string, node: string, version: string, weight: bigint, maxLock: bigint, endsAt: number): void {
    const backing = this.staking.backing(this.staking.of(node));
    demand(weight <= backing, "MarketWeightNotBacked", node, weight, backing);
    const serving = this.operated(caller, node, version);
    demand(maxLock >= serving.used, "MarketLockInUse", node, version, maxLock, serving.used);
    this.staking.lock(this.constants.address, node, version, maxLock, endsAt);
    serving.maxLock = maxLock;
    serving.endsAt = endsAt;
    this.setWeight(node, version, weight);
  }

  unserve(caller: string, node: string, version: string): void {
    const serving = this.operated(caller, node, version);
    this.staking.unlock(this.constants.address, node, version, serving.maxLock - serving.used);
    serving.maxLock = serving.used;
    this.setWeight(node, version, 0n);
  }

  refreshServing(_caller: string, node: string, version: string): void {
    const backing = this.staking.backing(this.staking.of(node));
    if (backing < this.serving(node, version).weights.present) this.setWeight(node, version, backing);
  }

  claim(_caller: string, node: string, version: string): void {
    const serving = this.serving(node, version);
    this.staking.reward(this.constants.address, node, serving.earned);
    serving.earned = 0n;
  }

  // Governance

  setTreasury(caller: string, treasury: string): void {
    demand(caller === this.constants.admin, "AccessManagedUnauthorized", caller);
    demand(treasury !== ZeroAddress, "LedgerZeroAccount");
    this.treasury = treasury;
  }

  /** The model knows numbers within their bounds only. */
  setRules(caller: string, rules: string, marginPeriod: number): void {
    demand(caller === this.constants.admin, "AccessManagedUnauthorized", caller);
    this.rules = completed(rules, marginPeriod, this.staking.thawPeriod, this.constants);
  }

  // Views

  weightsAt(node: string, version: string, time: number): { weight: bigint; total: bigint } {
    const stake = this.staking.stakeAt(node, time);
    const served = this.serving(node, version).weights.at(time);
    return { weight: stake < served ? stake : served, total: this.totalOf(version).at(time) };
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
    const accounts = [...this.accounts.values()].map(({ balance, fees }) => balance + fees);
    return sum(jobs) + sum(accounts) + sum([...this.servings.values()].map(({ earned }) => earned));
  }

  /** Lets `spender` use a part of a balance; whose it is needs no leave. */
  private spend(account: string, spender: string, amount: bigint): void {
    if (spender === account) return;
    const caps = entry(this.caps, account, () => new Map<string, bigint>());
    const cap = caps.get(spender) ?? 0n;
    demand(amount <= cap, "MandateCapTooLow", this.constants.address, account, spender, cap, amount);
    caps.set(spender, cap - amount);
  }

  private checkBalance(account: string, amount: bigint): void {
    const { balance } = this.account(account);
    demand(amount <= balance, "LedgerInsufficientBalance", account, balance, amount);
  }

  private debit(account: string, amount: bigint): void {
    this.checkBalance(account, amount);
    this.account(account).balance -= amount;
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

  private checkDrawn(caller: string, job: JobModel, node: string, seed: bigint, step: number): void {
    const { signer, covered } = this.staking.of(node);
    demand(caller === signer, "MarketNotSigner", node, caller, signer);
    demand(covered, "MarketNodeNotCovered", node);
    demand(this.isDrawn(job, node, seed, step), "MarketNotDrawn", job.id, node, step);
  }

  private checkFree(job: JobModel, node: string): void {
    const version = job.terms.versionId;
    const { used, maxLock, endsAt } = this.serving(node, version);
    const needed = used + job.collateral;
    const until = this.clock.now + job.rules.horizonPeriod;
    const free = needed <= maxLock && endsAt >= until;
    demand(free, "MarketLockTooSmall", node, version, needed, maxLock, until, endsAt);
  }

  private finish(job: JobModel, seats: readonly string[], check?: (next: JobState) => void): void {
    this.checkOpen(job);
    const { next } = courseOf(job, this.clock, this.constants.seedPeriod);
    demand(next > JobState.Appeal, "PolicyNotFinal", job.id, job.state, next);
    checkSeats(job, seats);
    check?.(next);

    const plan = settle(job, next);
    const price = job.terms.seatPrice;
    let { harm, compensation } = plan;
    let fund = 0n;
    for (const { node, earned, lost } of plan.outcomes) {
      const serving = this.serving(node, job.terms.versionId);
      serving.used -= job.collateral;
      serving.earned += earned;
      if (lost === 0n) continue;
      serving.maxLock -= lost < serving.maxLock ? lost : serving.maxLock;
      const obligation = job.terms.versionId;
      const { harmed, rewarded } = this.staking.slash(
        this.constants.address,
        node,
        obligation,
        lost,
        harm,
        compensation,
      );
      harm -= harmed;
      compensation -= rewarded;
      fund += harmed + rewarded;
    }
    const sharing = plan.outcomes.filter(({ shares }) => shares);
    const even = sharing.length === 0 ? 0n : fund / BigInt(sharing.length);
    const share = even < price ? even : price;
    for (const { node } of sharing) this.serving(node, job.terms.versionId).earned += share;
    this.enter(job, next);
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
    this.account(royaltyPayee).balance += due;
    this.account(requester).fees += fee;
    this.account(requester).balance += job.escrow + rest - pay - fee - due - kept;
  }

  private operated(caller: string, node: string, version: string): Serving {
    demand(this.staking.isOperator(node, caller), "MarketNotOperator", node, caller);
    return this.serving(node, version);
  }

  private setWeight(node: string, version: string, weight: bigint): void {
    const { weights } = this.serving(node, version);
    const total = this.totalOf(version);
    total.set(this.clock.now, total.present - weights.present + weight);
    weights.set(this.clock.now, weight);
  }

  private totalOf(version: string): Timeline {
    return entry(this.served, version, () => new Timeline());
  }
}

const nameOf = (state: JobState) => Object.entries(JobState).find(([, value]) => value === state)?.[0] ?? "";
