import {
  type Addresses,
  CONTRACTS,
  jobId,
  optimisticJobId,
  type OptimisticOrder,
  type Order,
  type PackedJob,
  type PackedOptimisticJob,
  packOptimisticOrder,
  packOptimisticRules,
  packOrder,
  packPair,
  packRules,
  parseOpg,
  roundId,
} from "@opg-protocol/sdk";
import { toBeHex } from "ethers";

import type { TimedEventNamed } from "../../src/history/EventIndex.ts";
import { address, event, hash, timeOf, type Where } from "./events.ts";

/** The chain and the contracts of which test events are. */
export const chainId = 31_337n;
export const addresses = Object.fromEntries(
  CONTRACTS.map((name, i) => [name, address(0xc0_00 + i)]),
) as unknown as Addresses;

/** Who takes part in test jobs. */
export const requester = address(0xa1);
export const modelOwner = address(0xa2);
export const challenger = address(0xa3);
export const deliverer = address(0xa4);
export const node = (number: number): string => address(0xd0_00 + number);
export const versionId = hash("version");
export const PRICE = parseOpg("2");
export const ROYALTY = parseOpg("0.5");
export const TIP = parseOpg("0.1");

const rules = packRules({
  feeBps: 500n,
  seatFactorBps: 15_000n,
  absenceBps: 1_000n,
  noResultFeeBps: 5_000n,
  errorFeeBps: 1_000n,
  royaltyCapBps: 5_000n,
  drawnValueCap: 10_000n,
  maxSealPeriod: 3_600n,
  widenSteps: 3n,
  appealWidenSteps: 1n,
  appealSize: 3n,
  activationPeriod: 60n,
  revealPeriod: 1_000n,
  appealSealPeriod: 600n,
  appealRevealPeriod: 600n,
});
const optimisticRules = packOptimisticRules({
  feeBps: 500n,
  royaltyCapBps: 5_000n,
  deterrence: 20n,
  latePenaltyFactor: 2n,
  finisherShareBps: 5_000n,
  challengerShareBps: 5_000n,
  disputeBond: 10n,
  maxAnswerPeriod: 3_600n,
  mostWindowPeriod: 10_000n,
  absenceBps: 1_000n,
  auditSeats: 15n,
  auditSteps: 3n,
  auditSealPeriod: 60n,
  auditRevealPeriod: 600n,
});

/** Where the market writes time and block into the shape of an order. */
const TIME_BIT = 160n;
const BLOCK_BIT = 208n;
const OPTIMISTIC_TIME_BIT = 216n;
const INLINE_INPUT = `0x${"00".repeat(31)}20${"00".repeat(32)}`;

/** A job of the market for several nodes, with the event of its order. */
export interface TestJob<Packed, E> {
  readonly id: string;
  readonly packed: Packed;
  readonly ordered: E;
}

/** An order of three nodes at 2 OPG, unless something else is said. */
export function orderedJob(
  where: Where,
  given: Partial<Order> = {},
): TestJob<PackedJob, TimedEventNamed<"JobRequested">> {
  const packed = packOrder({
    requester,
    versionId,
    inputRoot: hash("input"),
    seatPrice: PRICE,
    quorum: 3,
    collateralFactor: 32,
    sealPeriod: 60,
    callback: address(0xcb),
    deliveryTip: TIP,
    ...given,
  });
  const stamp = (BigInt(where.time ?? timeOf(where.block)) << TIME_BIT) | (BigInt(where.block) << BLOCK_BIT);
  const shape = toBeHex(BigInt(packed.shape) | stamp, 32);
  const job = { ...packed, shape, rules, royalty: packPair(modelOwner, ROYALTY) };
  const id = jobId(chainId, addresses.market, job);
  const args = { jobId: id, requester, versionId, job, input: INLINE_INPUT };
  return { id, packed: job, ordered: event("JobRequested", "market", args, where) };
}

/** An order of one node at 2 OPG, unless something else is said. */
export function offeredOrder(
  where: Where,
  given: Partial<OptimisticOrder> = {},
): TestJob<PackedOptimisticJob, TimedEventNamed<"JobOffered">> {
  const packed = packOptimisticOrder({
    requester,
    versionId,
    inputRoot: hash("input"),
    price: PRICE,
    node: node(1),
    answerPeriod: 600,
    windowPeriod: 3_600,
    ...given,
  });
  const stamp = BigInt(where.time ?? timeOf(where.block)) << OPTIMISTIC_TIME_BIT;
  const shape = toBeHex(BigInt(packed.shape) | stamp, 32);
  const job = { ...packed, shape, rules: optimisticRules, royalty: packPair(modelOwner, ROYALTY) };
  const id = optimisticJobId(chainId, addresses.optimistic, job);
  const args = { jobId: id, requester, versionId, job, input: INLINE_INPUT };
  return { id, packed: job, ordered: event("JobOffered", "optimistic", args, where) };
}

/** The round of an attempt at a job. */
export const roundOf = (
  { id, packed }: TestJob<PackedJob | PackedOptimisticJob, unknown>,
  attempt: number,
  consumer: string = addresses.market,
): string => {
  const { versionId: version, inputRoot } = packed;
  const { commitments } = addresses;
  return roundId({ chainId, commitments, consumer, jobId: id, attempt, versionId: version, inputRoot });
};
