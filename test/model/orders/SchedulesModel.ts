import { encodeBytes32String, ZeroAddress } from "ethers";

import { type Order, packOrder } from "../../../packages/sdk/src/codecs/job.ts";
import { type OptimisticOrder, packOptimisticOrder } from "../../../packages/sdk/src/codecs/optimisticJob.ts";
import { encodeOrder } from "../../../packages/sdk/src/codecs/encodedOrder.ts";
import { unpackGameRules } from "../../../packages/sdk/src/codecs/gameRules.ts";
import {
  packSchedule,
  type PackedSchedule,
  runNonceOf,
  scheduleId,
  ScheduleState,
  type ScheduleTerms,
} from "../../../packages/sdk/src/codecs/schedule.ts";
import { unpackSchedulerRules } from "../../../packages/sdk/src/codecs/schedulerRules.ts";
import type { AccountBook } from "../AccountBook.ts";
import { atomically } from "../atomically.ts";
import type { Clock } from "../Clock.ts";
import type { GuardianModel } from "../GuardianModel.ts";
import type { JobModel } from "../JobModel.ts";
import type { MarketModel } from "../MarketModel.ts";
import { demand } from "../Refusal.ts";
import type { MandatesModel } from "./MandatesModel.ts";
import type { OfferModel, OffersModel } from "./OffersModel.ts";

const BPS = 10_000n;
const MOST_BUDGET = (1n << 96n) - 1n;
const MOST_CALL_GAS = 1_000_000;
/** What a run costs its keeper, and what each byte of its input adds. */
const RUN_GAS = 130_000n;
const BYTE_GAS = 25n;

/** What a schedule repeats, for one market or the other. */
export type ScheduledOrder =
  | { readonly drawn: Order; readonly offered?: undefined }
  | { readonly offered: OptimisticOrder; readonly drawn?: undefined };

/** What an owner decides of a schedule. */
export interface SchedulePlan {
  readonly terms: ScheduleTerms;
  readonly order: ScheduledOrder;
  /** Of the input that comes with every run; none where there is a source. */
  readonly inputBytes: number;
}

const packedOrder = ({ drawn, offered }: ScheduledOrder) =>
  drawn === undefined ? packOptimisticOrder(offered) : packOrder(drawn);
/** An input of so many bytes, in place of a URI. */
export const inputOf = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(0x2e);

/** One schedule: its plan, which never changes, and what became of it. */
export class ScheduleModel {
  readonly order: string;
  readonly input: Uint8Array;
  readonly packed: PackedSchedule;
  readonly id: string;
  nextIndex = 0;
  runs = 0;

  constructor(
    readonly plan: SchedulePlan,
    place: { readonly chainId: bigint; readonly address: string },
    public state: ScheduleState,
    public budget: bigint,
  ) {
    const order = packedOrder(plan.order);
    this.order = encodeOrder(order);
    this.input = inputOf(plan.inputBytes);
    this.packed = packSchedule(plan.terms, order, this.input);
    this.id = scheduleId(place.chainId, place.address, this.packed);
  }

  dueAt(index: number): number {
    return this.plan.terms.startAt + index * this.plan.terms.interval;
  }

  indexAt(time: number): number {
    return Math.floor((time - this.plan.terms.startAt) / this.plan.terms.interval);
  }

  /** What storage keeps. @see the layout of ScheduleRecord in contracts/types/SchedulerTypes.sol */
  get record(): bigint {
    const counts = (BigInt(this.nextIndex) << 8n) | (BigInt(this.runs) << 48n);
    return BigInt(this.state) | counts | (this.budget << 88n);
  }
}

export interface SchedulerConstants {
  readonly chainId: bigint;
  readonly address: string;
  readonly admin: string;
  readonly gameRules: string;
  /** A contract that gives inputs, takes note of runs, or does neither. */
  readonly source: string;
  readonly sourcedRoot: string;
  readonly sourcedBytes: number;
}

/** What IJobScheduler says, as a plain state machine. Every function takes its caller first. */
export class SchedulesModel {
  private readonly schedules = new Map<string, ScheduleModel>();
  /** Whether the source does what it is there for. */
  isSourceFair = true;

  constructor(
    readonly constants: SchedulerConstants,
    public rules: string,
    private readonly clock: Clock,
    private readonly mandates: MandatesModel,
    private readonly market: MarketModel,
    private readonly offers: OffersModel,
    private readonly guardian: GuardianModel,
    private readonly note: (what: string) => void,
  ) {}

  create(caller: string, plan: SchedulePlan, budget: bigint): ScheduleModel {
    return this.begin(caller, plan, ScheduleState.Active, budget);
  }

  change(caller: string, schedule: ScheduleModel, plan: SchedulePlan): ScheduleModel {
    this.checkOwned(caller, schedule);
    const { state, budget } = schedule;
    const successor = this.begin(caller, plan, state, budget);
    this.end(schedule);
    return successor;
  }

  topUp(caller: string, schedule: ScheduleModel, amount: bigint): void {
    this.checkOwned(caller, schedule);
    within("amount", amount, 0n, MOST_BUDGET - schedule.budget);
    schedule.budget += amount;
  }

  setPaused(caller: string, schedule: ScheduleModel, paused: boolean): void {
    this.checkOwned(caller, schedule);
    schedule.state = paused ? ScheduleState.Paused : ScheduleState.Active;
  }

  cancel(caller: string, schedule: ScheduleModel): void {
    this.checkOwned(caller, schedule);
    this.end(schedule);
  }

  /** Runs the period that has begun; gives what it has ordered. */
  trigger(caller: string, schedule: ScheduleModel): JobModel | OfferModel {
    this.guardian.checkOpen();
    this.checkKnown(schedule);
    const index = this.dueIndex(schedule);
    const { terms, order } = schedule.plan;
    const sourced = this.inputFor(schedule);
    return atomically([this.market, this.offers, this.mandates], () => {
      const { accounts, job } = this.place(schedule, order, index, sourced);
      const { escrow } = job;
      demand(escrow <= terms.mostCost, "SchedulerCostTooHigh", schedule.id, escrow, terms.mostCost);
      const bytes = sourced === undefined ? schedule.plan.inputBytes : sourced.bytes;
      const reward = this.rewardOf(schedule, index, bytes);
      const spent = escrow + reward;
      demand(spent <= schedule.budget, "SchedulerBudgetTooSmall", schedule.id, schedule.budget, spent);
      accounts.checkSpender(this.constants.address, terms.owner, reward);
      accounts.move(terms.owner, caller, reward);
      this.tell(schedule, order);
      if (index > schedule.nextIndex) this.note("periods skipped");
      schedule.nextIndex = index + 1;
      schedule.runs += 1;
      schedule.budget -= spent;
      return job;
    });
  }

  /** The model knows numbers within their bounds only. */
  setRules(caller: string, rules: string): void {
    demand(caller === this.constants.admin, "AccessManagedUnauthorized", caller);
    this.rules = rules;
  }

  all(): ScheduleModel[] {
    return [...this.schedules.values()];
  }

  private begin(caller: string, plan: SchedulePlan, state: ScheduleState, budget: bigint): ScheduleModel {
    this.guardian.checkOpen();
    const { terms, order, inputBytes } = plan;
    demand(caller === terms.owner, "SchedulerNotOwner", caller, terms.owner);
    const schedule = new ScheduleModel(plan, this.constants, state, budget);
    const sourced = (terms.source ?? ZeroAddress) !== ZeroAddress;
    within("interval", terms.interval, Number(unpackSchedulerRules(this.rules).leastInterval), 0xffff_ffff);
    if (terms.endsAt !== undefined) within("endsAt", terms.endsAt, terms.startAt + 1, 2 ** 40 - 1);
    within("sourceGas", terms.sourceGas ?? 0, sourced ? 1 : 0, sourced ? MOST_CALL_GAS : 0);
    within("noticeGas", terms.noticeGas ?? 0, 0, MOST_CALL_GAS);
    if (sourced) within("input", inputBytes, 0, 0);
    else within("input", inputBytes, 1, (1n << 256n) - 1n);
    const { requester } = order.drawn ?? order.offered;
    demand(requester === terms.owner, "SchedulerWrongRequester", requester, terms.owner);
    demand(!this.schedules.has(schedule.id), "SchedulerExists", schedule.id);
    within("budget", budget, 0n, MOST_BUDGET);
    this.schedules.set(schedule.id, schedule);
    return schedule;
  }

  private end(schedule: ScheduleModel): void {
    schedule.state = ScheduleState.Ended;
    schedule.budget = 0n;
  }

  private dueIndex(schedule: ScheduleModel): number {
    const { terms } = schedule.plan;
    const { now } = this.clock;
    const { id, state, runs } = schedule;
    demand(state === ScheduleState.Active, "SchedulerWrongState", id, state);
    const { endsAt = 0, mostRuns = 0 } = terms;
    const isOver = (endsAt !== 0 && now >= endsAt) || (mostRuns !== 0 && runs >= mostRuns);
    demand(!isOver, "SchedulerOver", id, endsAt, runs);
    const dueAt = schedule.dueAt(schedule.nextIndex);
    demand(now >= dueAt, "SchedulerNotDue", id, dueAt);
    return schedule.indexAt(now);
  }

  /** What the source gives, where there is one. */
  private inputFor({ id, plan }: ScheduleModel): { readonly root: string; readonly bytes: number } | undefined {
    const { source = ZeroAddress } = plan.terms;
    if (source === ZeroAddress) return undefined;
    const gives = source === this.constants.source && this.isSourceFair;
    demand(gives, "SchedulerSourceFailed", id, source);
    return { root: this.constants.sourcedRoot, bytes: this.constants.sourcedBytes };
  }

  private place(
    { id, plan }: ScheduleModel,
    { drawn, offered }: ScheduledOrder,
    index: number,
    sourced: { readonly root: string; readonly bytes: number } | undefined,
  ): { readonly accounts: AccountBook; readonly job: JobModel | OfferModel } {
    const nonce = runNonceOf(id, BigInt(index));
    const given = sourced === undefined ? { nonce } : { nonce, inputRoot: sourced.root };
    const bytes = sourced === undefined ? plan.inputBytes : sourced.bytes;
    const { address } = this.constants;
    if (drawn === undefined) {
      return { accounts: this.offers.accounts, job: this.offers.request(address, { ...offered, ...given }, bytes) };
    }
    return { accounts: this.market.accounts, job: this.market.request(address, { ...drawn, ...given }, bytes) };
  }

  /** A part of what the gas of a run costs, which rises with the time since it was due. */
  private rewardOf(schedule: ScheduleModel, index: number, inputBytes: number): bigint {
    const { sourceGas = 0, noticeGas = 0, mostReward } = schedule.plan.terms;
    const { referenceGasPrice, opgPerEth } = unpackGameRules(this.constants.gameRules);
    const { keeperFloorBps, keeperCapBps, keeperRampPeriod } = unpackSchedulerRules(this.rules);
    const { baseFee, now } = this.clock;
    const gas = RUN_GAS + BigInt(sourceGas + noticeGas) + BYTE_GAS * BigInt(inputBytes);
    const cost = gas * (baseFee > referenceGasPrice ? baseFee : referenceGasPrice) * opgPerEth;
    const late = BigInt(now - schedule.dueAt(index));
    const risen = ((keeperCapBps - keeperFloorBps) * late) / keeperRampPeriod;
    const bps = late >= keeperRampPeriod ? keeperCapBps : keeperFloorBps + risen;
    const reward = (cost * bps) / BPS;
    return reward < mostReward ? reward : mostReward;
  }

  /** The callback, if it is to be told, must take note. */
  private tell({ id, plan }: ScheduleModel, { drawn, offered }: ScheduledOrder): void {
    if ((plan.terms.noticeGas ?? 0) === 0) return;
    const callback = (drawn ?? offered).callback ?? ZeroAddress;
    const notes = callback === this.constants.source && this.isSourceFair;
    demand(notes, "SchedulerNoticeRefused", id, callback);
  }

  private checkKnown(schedule: ScheduleModel): void {
    demand(this.schedules.has(schedule.id), "SchedulerUnknown", schedule.id);
  }

  private checkOwned(caller: string, schedule: ScheduleModel): void {
    this.checkKnown(schedule);
    const { owner } = schedule.plan.terms;
    demand(caller === owner, "SchedulerNotOwner", caller, owner);
    const hasEnded = schedule.state === ScheduleState.Ended;
    demand(!hasEnded, "SchedulerWrongState", schedule.id, ScheduleState.Ended);
  }
}

function within(field: string, given: number | bigint, least: number | bigint, most: number | bigint): void {
  const isWithin = given >= least && given <= most;
  demand(isWithin, "SchedulerOutOfBounds", encodeBytes32String(field), given, least, most);
}
