import { type BytesLike, keccak256, ZeroAddress } from "ethers";

import { taggedHash } from "./abi.ts";
import { encodeOrder } from "./encodedOrder.ts";
import type { GameRules } from "./gameRules.ts";
import { type PackedJob, packPair, unpackPair } from "./job.ts";
import type { PackedOptimisticJob } from "./optimisticJob.ts";
import { keeperBpsOf, type SchedulerRules } from "./schedulerRules.ts";
import { packWord, unpackWord } from "./words.ts";

const TIMING = {
  startAt: 40,
  endsAt: 40,
  interval: 32,
  mostRuns: 32,
  sourceGas: 24,
  noticeGas: 24,
  nonce: 64,
} as const;
const RECORD = { state: 8, nextIndex: 40, runs: 40, budget: 168 } as const;
const FIELDS = ["owner", "source", "timing", "orderHash", "inputHash"] as const;

/** The ABI type of a schedule. */
export const SCHEDULE_TYPE = `tuple(${FIELDS.map((field) => `bytes32 ${field}`).join(", ")})`;

/** What a run costs its keeper, and what each byte of its input adds, as the contract reckons. */
const RUN_GAS = 130_000n;
const BYTE_GAS = 25n;
const BPS = 10_000n;

/** A schedule as it travels in events and calldata. */
export type PackedSchedule = Readonly<Record<(typeof FIELDS)[number], string>>;

/** What an owner decides of a schedule, beside its order and input. Amounts in base units of OPG, times in unix seconds. */
export interface ScheduleTerms {
  /** Pays out of its balance in the market, and decides. */
  readonly owner: string;
  /** Most that a keeper earns by one run. */
  readonly mostReward: bigint;
  /** Most that the order of one run may take as its escrow. */
  readonly mostCost: bigint;
  /** Contract that gives the input of each run; left out, the input is always the same. */
  readonly source?: string;
  /** Of the call that asks it, up to a million. */
  readonly sourceGas?: number;
  /** Beginning of the first period. */
  readonly startAt: number;
  /** No run from then on; left out, there is no end. */
  readonly endsAt?: number;
  /** Of one period, seconds. */
  readonly interval: number;
  /** Left out, any number. */
  readonly mostRuns?: number;
  /** Of the call that tells the order's callback of a run, up to a million; left out, nobody is told. */
  readonly noticeGas?: number;
  /** Tells schedules apart that are equal otherwise, below 2^64. */
  readonly nonce?: bigint;
}

/** A schedule with its fields unpacked. */
export interface Schedule extends Required<ScheduleTerms> {
  readonly orderHash: string;
  readonly inputHash: string;
}

/** States of a schedule, as the contract numbers them. */
export const ScheduleState = { None: 0, Active: 1, Paused: 2, Ended: 3 } as const;
export type ScheduleState = (typeof ScheduleState)[keyof typeof ScheduleState];

/** What storage keeps of a schedule. */
export interface ScheduleRecord {
  readonly state: ScheduleState;
  /** The first period that has neither run nor been skipped by one that has. */
  readonly nextIndex: bigint;
  /** So many orders were placed. */
  readonly runs: bigint;
  /** What runs can still take, base units of OPG. */
  readonly budget: bigint;
}

/** A schedule in five words. `input` is empty where there is a source. */
export function packSchedule(
  terms: ScheduleTerms,
  order: PackedJob | PackedOptimisticJob,
  input: BytesLike,
): PackedSchedule {
  return {
    owner: packPair(terms.owner, terms.mostReward),
    source: packPair(terms.source ?? ZeroAddress, terms.mostCost),
    timing: packWord(TIMING, {
      startAt: BigInt(terms.startAt),
      endsAt: BigInt(terms.endsAt ?? 0),
      interval: BigInt(terms.interval),
      mostRuns: BigInt(terms.mostRuns ?? 0),
      sourceGas: BigInt(terms.sourceGas ?? 0),
      noticeGas: BigInt(terms.noticeGas ?? 0),
      nonce: terms.nonce ?? 0n,
    }),
    orderHash: keccak256(encodeOrder(order)),
    inputHash: keccak256(input),
  };
}

/** The fields of a schedule; zeros stand for what there is not. */
export function unpackSchedule(schedule: PackedSchedule): Schedule {
  const owner = unpackPair(schedule.owner);
  const source = unpackPair(schedule.source);
  const timing = unpackWord(TIMING, schedule.timing);
  return {
    owner: owner.account,
    mostReward: owner.amount,
    mostCost: source.amount,
    source: source.account,
    sourceGas: Number(timing.sourceGas),
    startAt: Number(timing.startAt),
    endsAt: Number(timing.endsAt),
    interval: Number(timing.interval),
    mostRuns: Number(timing.mostRuns),
    noticeGas: Number(timing.noticeGas),
    nonce: timing.nonce,
    orderHash: schedule.orderHash,
    inputHash: schedule.inputHash,
  };
}

/** The fields of a schedule's slot. */
export function unpackScheduleRecord(word: bigint): ScheduleRecord {
  const { state, nextIndex, runs, budget } = unpackWord(RECORD, word);
  return { state: Number(state) as ScheduleState, nextIndex, runs, budget };
}

/** The id of a schedule: what its fields hash to on this chain and contract. */
export function scheduleId(chainId: bigint, scheduler: string, schedule: PackedSchedule): string {
  const fields = FIELDS.map((field) => schedule[field]);
  return taggedHash("OPG/schedule", ["uint256", "address", SCHEDULE_TYPE], [chainId, scheduler, fields]);
}

/** The nonce of the order that a run places. */
export function runNonceOf(schedule: string, index: bigint): bigint {
  return BigInt.asUintN(40, BigInt(taggedHash("OPG/run", ["bytes32", "uint256"], [schedule, index])));
}

/** The period of a second; undefined before the first one. */
export function periodAt(schedule: Pick<Schedule, "startAt" | "interval">, time: number): bigint | undefined {
  if (time < schedule.startAt) return undefined;
  return BigInt(Math.floor((time - schedule.startAt) / schedule.interval));
}

/** When a period begins, unix seconds. */
export const periodStartOf = (schedule: Pick<Schedule, "startAt" | "interval">, index: bigint): number =>
  schedule.startAt + Number(index) * schedule.interval;

/** What decides what a keeper earns. */
export interface KeeperRewardParameters {
  readonly schedule: Pick<Schedule, "mostReward" | "sourceGas" | "noticeGas">;
  readonly inputBytes: number;
  /** Seconds since the run was due. */
  readonly lateness: number;
  readonly rules: SchedulerRules;
  /** Of the dispute game, which knows what gas is worth. */
  readonly gameRules: Pick<GameRules, "referenceGasPrice" | "opgPerEth">;
  /** Wei. */
  readonly baseFee: bigint;
}

/** What a keeper earns by a run, base units of OPG. */
export function keeperRewardOf(p: KeeperRewardParameters): bigint {
  const { schedule, rules, gameRules } = p;
  const gas = RUN_GAS + BigInt(schedule.sourceGas + schedule.noticeGas) + BYTE_GAS * BigInt(p.inputBytes);
  const gasPrice = p.baseFee > gameRules.referenceGasPrice ? p.baseFee : gameRules.referenceGasPrice;
  const reward = (gas * gasPrice * gameRules.opgPerEth * keeperBpsOf(rules, BigInt(p.lateness))) / BPS;
  return reward < schedule.mostReward ? reward : schedule.mostReward;
}
