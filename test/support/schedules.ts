import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { hexlify, parseEther, toUtf8Bytes } from "ethers";

import { encodeOrder } from "../../packages/sdk/src/codecs/encodedOrder.ts";
import { type Order, packOrder, type PackedJob } from "../../packages/sdk/src/codecs/job.ts";
import {
  type OptimisticOrder,
  packOptimisticOrder,
  type PackedOptimisticJob,
} from "../../packages/sdk/src/codecs/optimisticJob.ts";
import {
  packSchedule,
  type PackedSchedule,
  scheduleId,
  type ScheduleTerms,
  unpackScheduleRecord,
} from "../../packages/sdk/src/codecs/schedule.ts";
import { TestSource__factory } from "../../typechain-types/index.ts";
import { served, type Served } from "./fixtures.ts";
import { INPUT_URI, orderOf } from "./jobs.ts";
import { setNextBaseFee, time } from "./network.ts";
import { namedOrder, offering, type Offering } from "./optimistic.ts";
import { chainId } from "./payments.ts";

/** Numbers of `TestSource.Mood`. */
export const Mood = { Fair: 0, Reverts: 1, BurnsGas: 2, ReturnsMuch: 3, ReturnsNonsense: 4, SwallowsWant: 5 } as const;

export const INTERVAL = 100;
export const BUDGET = parseEther("1000");
export const MOST_REWARD = parseEther("50");
export const MOST_COST = parseEther("20");
/** How long until a test's schedule runs first, seconds. */
const AHEAD = 10;
/** What the scheduler may use of the requester's balance. */
export const CAP = parseEther("5000");

/** Three nodes at the market for one, and a requester who lets the scheduler use its balance there. */
export async function scheduling() {
  const suite = await offering();
  const { mandates, optimistic, scheduler, requester, deployer } = suite;
  await mandates.connect(requester).allow(optimistic, scheduler, CAP);
  const source = await new TestSource__factory(deployer).deploy();
  return { ...suite, source };
}

export type Scheduling = Awaited<ReturnType<typeof scheduling>>;

/** The same at the market where several nodes answer. */
export async function schedulingDraws() {
  const suite = await served(3);
  const { mandates, market, scheduler, requester, deployer } = suite;
  await mandates.connect(requester).allow(market, scheduler, CAP);
  const source = await new TestSource__factory(deployer).deploy();
  return { ...suite, source };
}

type Suite = Pick<Served, "scheduler" | "requester" | "stranger">;

let schedules = 0n;

/** What a test makes a schedule of. */
export interface Plan {
  readonly terms: ScheduleTerms;
  readonly order: PackedJob | PackedOptimisticJob;
  readonly input: string;
}

/** Terms of the requester, with what matters to a test replaced. */
async function termsOf({ requester }: Suite, changes: Partial<ScheduleTerms>): Promise<ScheduleTerms> {
  schedules += 1n;
  return {
    owner: requester.address,
    mostReward: MOST_REWARD,
    mostCost: MOST_COST,
    startAt: (await time.latest()) + AHEAD,
    interval: INTERVAL,
    nonce: schedules,
    ...changes,
  };
}

/** A schedule for the first node. With a source there is no input. */
export async function planOf(
  suite: Offering,
  changes: Partial<ScheduleTerms> = {},
  orderChanges: Partial<OptimisticOrder> = {},
): Promise<Plan> {
  const order = packOptimisticOrder(namedOrder(suite, { nonce: 0n, ...orderChanges }));
  const input = changes.source === undefined ? hexlify(INPUT_URI) : "0x";
  return { terms: await termsOf(suite, changes), order, input };
}

/** A schedule for several nodes. */
export async function planOfDraws(
  suite: Served,
  changes: Partial<ScheduleTerms> = {},
  orderChanges: Partial<Order> = {},
): Promise<Plan> {
  const order = packOrder(orderOf(suite, { nonce: 0n, ...orderChanges }));
  const input = changes.source === undefined ? hexlify(INPUT_URI) : "0x";
  return { terms: await termsOf(suite, changes), order, input };
}

/** A schedule, and what a test does with it. */
export class TestSchedule {
  private constructor(
    readonly suite: Suite,
    readonly plan: Plan,
    readonly packed: PackedSchedule,
    readonly id: string,
  ) {}

  /** One that is not created. */
  static async of(suite: Suite, plan: Plan, replaced: Partial<PackedSchedule> = {}): Promise<TestSchedule> {
    const packed = { ...packSchedule(plan.terms, plan.order, plan.input), ...replaced };
    return new TestSchedule(
      suite,
      plan,
      packed,
      scheduleId(await chainId(), await suite.scheduler.getAddress(), packed),
    );
  }

  static async create(suite: Suite, plan: Plan, budget = BUDGET): Promise<TestSchedule> {
    const schedule = await TestSchedule.of(suite, plan);
    await schedule.createAs(suite.requester, budget);
    return schedule;
  }

  get order(): string {
    return encodeOrder(this.plan.order);
  }

  get input(): string {
    return this.plan.input;
  }

  createAs(sender: HardhatEthersSigner, budget = BUDGET) {
    return this.suite.scheduler.connect(sender).create(this.packed, this.order, this.input, budget);
  }

  trigger(keeper = this.suite.stranger) {
    return this.suite.scheduler.connect(keeper).trigger(this.packed, this.order, this.input);
  }

  /** Sets the time of the next block to so many seconds after a period has begun, and its base fee to the least. */
  async at(index: number, lateness = 0): Promise<this> {
    const { startAt, interval } = this.plan.terms;
    await setNextBaseFee(1n);
    await time.setNextBlockTimestamp(startAt + index * interval + lateness);
    return this;
  }

  async record() {
    return unpackScheduleRecord(await this.suite.scheduler.recordOf(this.id));
  }
}

/** What a source gives where a test does not say otherwise. */
export const SOURCED = toUtf8Bytes("ipfs://bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
