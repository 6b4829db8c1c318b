/** Jobs from their order to their end, as events of a chain that follows the contracts' arithmetic. */
import {
  DisputeState,
  escrowOf,
  JobState,
  type OptimisticOrder,
  optimisticEscrowOf,
  OptimisticState,
  type Order,
  packWord,
  parseOpg,
  statementId,
  unpackJob,
  unpackOptimisticJob,
} from "@opg-protocol/sdk";
import { ZeroAddress, ZeroHash } from "ethers";

import type { TimedEvent } from "../../src/history/EventIndex.ts";
import { address, event, hash, timeOf, type Where } from "./events.ts";
import {
  addresses,
  challenger,
  deliverer,
  node,
  offeredOrder,
  orderedJob,
  PRICE,
  roundOf,
  ROYALTY,
  TIP,
  versionId,
} from "./orders.ts";

/** A job, and all that happened. */
export interface Story {
  readonly id: string;
  readonly events: readonly TimedEvent[];
}

export const GOOD = hash("good output");
export const BAD = hash("bad output");
/** Two for each of 12 seats and five percent, a royalty and a tip. */
export const ESCROW = parseOpg("25.8");
export const OFFERED = parseOpg("2.7");
export const COLLATERAL = 32n * PRICE;
export const ANSWER_COLLATERAL = parseOpg("80");

const ROUND = {
  sealEndsAt: 48,
  lastSealEndsAt: 48,
  revealPeriod: 32,
  least: 8,
  most: 8,
  sealedCount: 8,
  revealedCount: 8,
  leaderCount: 8,
  lastRevealBlock: 48,
  windowPeriod: 32,
} as const;
const PACKED = 1n << 248n;

interface Terms {
  readonly opened: number;
  readonly sealed?: number;
  readonly windowPeriod?: number;
}

function terms({ opened, sealed = 1, windowPeriod = 0 }: Terms): bigint {
  const end = BigInt(timeOf(opened));
  return BigInt(
    packWord(ROUND, {
      sealEndsAt: end + 60n,
      lastSealEndsAt: end + 240n,
      revealPeriod: 1_000n,
      least: 3n,
      most: 12n,
      sealedCount: BigInt(sealed),
      revealedCount: 0n,
      leaderCount: 0n,
      lastRevealBlock: 0n,
      windowPeriod: BigInt(windowPeriod),
    }),
  );
}

type Job = ReturnType<typeof orderedJob> | ReturnType<typeof offeredOrder>;

/** A round that is opened with its first seal, and the seals of all these nodes, a block each. */
export function sealing(job: Job, attempt: number, nodes: readonly string[], block: number, consumer?: string) {
  const roundId = roundOf(job, attempt, consumer);
  const args = {
    roundId,
    consumer: consumer ?? addresses.market,
    jobId: job.id,
    attempt: BigInt(attempt),
    terms: terms({ opened: block }),
  };
  return [
    event("RoundOpened", "commitments", args, { block }),
    ...nodes.map((each, i) => sealBy(roundId, each, block + i, block)),
  ];
}

function sealBy(roundId: string, by: string, block: number, opened = block) {
  const sealEndsAt = BigInt(timeOf(opened) + 60);
  const args = { roundId, node: by, commitment: hash(`seal of ${by}`), sealEndsAt };
  return event("ResultSealed", "commitments", args, { block });
}

/** Reveals of nodes, a block each. */
export function revealing(roundId: string, shown: readonly (readonly [string, string])[], block: number) {
  return shown.map(([by, outputRoot], i) =>
    event("ResultRevealed", "commitments", { roundId, node: by, outputRoot }, { block: block + i }),
  );
}

interface Settlement {
  readonly state: JobState;
  readonly outputRoot?: string;
  readonly refund: bigint;
  readonly fee?: bigint;
  readonly royalty?: bigint;
  readonly pay?: bigint;
  readonly share?: bigint;
}

function settled(id: string, end: Settlement, where: Where) {
  const { state, outputRoot = ZeroHash, refund, fee = 0n, royalty = 0n, pay = 0n, share = 0n } = end;
  const args = { jobId: id, state: BigInt(state), outputRoot, refund, fee, royalty, pay, share };
  return event("JobSettled", "market", args, where);
}

/** What a seat loses: what the market asks for, and what staking does. */
export function slashed(
  market: "market" | "optimistic",
  jobId: string,
  by: string,
  [amount, kept]: readonly [bigint, bigint],
  where: Where,
) {
  const consumer = addresses[market];
  const taken = { requested: amount, own: amount, ownThawing: 0n, delegated: 0n, delegatedThawing: 0n };
  const args = { node: by, consumer, obligation: versionId, ...taken, harmed: 0n, rewarded: kept };
  return [
    event("SeatSlashed", market, { jobId, node: by, amount }, where),
    event("NodeSlashed", "staking", args, where),
  ];
}

function begun(given: Partial<Order> = {}, block = 100) {
  const job = orderedJob({ block }, given);
  const drawn = event("SeedRecorded", "market", { jobId: job.id, seed: 7n }, { block: block + 5 });
  return { job, events: [job.ordered, drawn] };
}

/** Three agree, a fourth sealed and stays silent; then the result is delivered. */
export function agreement(given: Partial<Order> = {}, block = 100): Story {
  const { job, events } = begun(given, block);
  const nodes = [1, 2, 3, 4].map(node);
  const fund = PRICE;
  const share = fund / 3n;
  const fee = parseOpg("0.3");
  const refund = ESCROW - 3n * PRICE - fee - ROYALTY - TIP + fund - 3n * share;
  const end = { block: block + 60 };
  const shown = nodes.slice(0, 3).map((each) => [each, GOOD] as const);
  return {
    id: job.id,
    events: [
      ...events,
      ...sealing(job, 0, nodes, block + 5),
      ...revealing(roundOf(job, 0), shown, block + 40),
      ...slashed("market", job.id, node(4), [COLLATERAL / 10n, fund], end),
      settled(
        job.id,
        { state: JobState.Agreed, outputRoot: GOOD, refund, fee, royalty: ROYALTY, pay: 3n * PRICE, share },
        end,
      ),
      event(
        "ResultDelivered",
        "market",
        { jobId: job.id, callback: address(0xcb), deliverer, tip: TIP },
        { block: block + 70 },
      ),
    ],
  };
}

/** Three seals come in one call, and one more call shows all of them and settles. Or somebody unpacks them before. */
export function packedAgreement({ unpacked = false } = {}): Story {
  const { job, events } = begun({ callback: ZeroAddress, deliveryTip: 0n });
  const nodes = [1, 2, 3].map(node);
  const roundId = roundOf(job, 0);
  const opened = event(
    "RoundOpened",
    "commitments",
    {
      roundId,
      consumer: addresses.market,
      jobId: job.id,
      attempt: 0n,
      terms: terms({ opened: 106, sealed: 3 }) | PACKED,
    },
    { block: 106 },
  );
  const fee = parseOpg("0.3");
  const refund = ESCROW - TIP - 3n * PRICE - fee - ROYALTY;
  const end = { state: JobState.Agreed, outputRoot: GOOD, refund, fee, royalty: ROYALTY, pay: 3n * PRICE };
  const revealed = [
    event("RoundUnpacked", "commitments", { roundId }, { block: 140 }),
    ...revealing(
      roundId,
      nodes.map((each) => [each, GOOD] as const),
      141,
    ),
  ];
  return {
    id: job.id,
    events: [
      ...events,
      opened,
      ...nodes.map((each) => sealBy(roundId, each, 106)),
      ...(unpacked ? revealed : []),
      settled(job.id, end, { block: 150 }),
    ],
  };
}

/** Two against one; an appeal of three decides for the two. */
export function appeal(): Story {
  const { job, events } = begun();
  const first = [1, 2, 3].map(node);
  const second = [4, 5, 6].map(node);
  const fee = parseOpg("0.2");
  const kept = 7n * PRICE;
  const amends = kept - 3n * PRICE;
  const refund = ESCROW - 2n * PRICE - fee - ROYALTY - TIP + amends;
  const end = { block: 500 };
  const drawn = { jobId: job.id, state: BigInt(JobState.Appeal), seed: 8n, satWeight: 5n };
  return {
    id: job.id,
    events: [
      ...events,
      ...sealing(job, 0, first, 105),
      ...revealing(
        roundOf(job, 0),
        first.map((each, i) => [each, i < 2 ? GOOD : BAD] as const),
        140,
      ),
      event("DrawStarted", "market", drawn, { block: 160 }),
      ...sealing(job, 2, second, 165),
      ...revealing(
        roundOf(job, 2),
        second.map((each) => [each, GOOD] as const),
        470,
      ),
      ...slashed("market", job.id, node(3), [COLLATERAL, kept], end),
      settled(
        job.id,
        { state: JobState.Decided, outputRoot: GOOD, refund, fee, royalty: ROYALTY, pay: 2n * PRICE, share: PRICE },
        end,
      ),
    ],
  };
}

/** Nobody has two thirds, and one of the appeal stays silent. */
export function undecided(): Story {
  const { job, events } = begun();
  const first = [1, 2, 3].map(node);
  const second = [4, 5, 6].map(node);
  const end = { block: 900 };
  const drawn = { jobId: job.id, state: BigInt(JobState.Appeal), seed: 8n, satWeight: 5n };
  const pay = (5n * PRICE) / 2n;
  return {
    id: job.id,
    events: [
      ...events,
      ...sealing(job, 0, first, 105),
      ...revealing(
        roundOf(job, 0),
        first.map((each, i) => [each, i < 2 ? GOOD : BAD] as const),
        140,
      ),
      event("DrawStarted", "market", drawn, { block: 160 }),
      ...sealing(job, 2, second, 165),
      ...revealing(
        roundOf(job, 2),
        [
          [node(4), GOOD],
          [node(5), BAD],
        ],
        470,
      ),
      ...slashed("market", job.id, node(6), [COLLATERAL, 0n], end),
      settled(job.id, { state: JobState.Undecided, refund: ESCROW - pay, pay }, end),
    ],
  };
}

/** Nobody seals. */
export function unanswered(): Story {
  const { job, events } = begun();
  return {
    id: job.id,
    events: [...events, settled(job.id, { state: JobState.Unanswered, refund: ESCROW }, { block: 400 })],
  };
}

/** The requester takes it back at once. */
export function cancelled(): Story {
  const job = orderedJob({ block: 100 });
  const end = { state: JobState.Cancelled, refund: ESCROW };
  return { id: job.id, events: [job.ordered, settled(job.id, end, { block: 101 })] };
}

type Closing = Partial<Settlement> & { readonly by: string; readonly state: number };

function closed(id: string, { by, state, outputRoot = ZeroHash, refund = 0n, ...end }: Closing, block: number) {
  const { fee = 0n, royalty = 0n, pay = 0n } = end;
  const args = { jobId: id, state: BigInt(state), node: by, outputRoot, refund, fee, royalty, pay };
  return event("JobClosed", "optimistic", args, { block });
}

function answered(job: Job, by: string, outputRoot: string, attempt: number, block: number) {
  const roundId = roundOf(job, attempt, addresses.optimistic);
  const disputableUntil = BigInt(timeOf(block) + 3_600);
  const args = { jobId: job.id, roundId, node: by, attempt: BigInt(attempt), outputRoot, disputableUntil };
  return event("JobAnswered", "optimistic", args, { block });
}

/** A named node answers, nobody objects. */
export function accepted(given: Partial<OptimisticOrder> = {}): Story {
  const job = offeredOrder({ block: 200 }, { deliveryTip: TIP, callback: address(0xcb), ...given });
  const end = { by: node(1), state: OptimisticState.Answered, outputRoot: GOOD, pay: PRICE, fee: PRICE / 20n };
  return {
    id: job.id,
    events: [job.ordered, answered(job, node(1), GOOD, 0, 210), closed(job.id, { ...end, royalty: ROYALTY }, 2_100)],
  };
}

/** A node lies, is found out, and a second one answers for the prize. */
export function falsified(): Story {
  const given = { node: ZeroAddress, lowestPrice: PRICE, deliveryTip: TIP, callback: address(0xcb) };
  const job = offeredOrder({ block: 200 }, given);
  const first = answered(job, node(1), BAD, 0, 210);
  const disputed = statementId(first.args.roundId, node(1), BAD);
  const gameId = hash("game");
  const game = {
    statementId: disputed,
    inputRoot: hash("input"),
    outputRoot: BAD,
    stepsRoot: hash("steps"),
    traceRoot: hash("trace"),
    node: node(1),
    challenger,
    referee: address(0xf0),
    bond: parseOpg("10"),
    rank: 219n,
    openedAt: BigInt(timeOf(220)),
    rules: ZeroHash,
  };
  const share = (ANSWER_COLLATERAL - 2n * PRICE) / 2n;
  const lied = { jobId: job.id, node: node(1), compensation: PRICE, challengers: [challenger], share };
  const won = { by: node(2), state: OptimisticState.Answered, outputRoot: GOOD, pay: PRICE };
  return {
    id: job.id,
    events: [
      job.ordered,
      event(
        "JobReserved",
        "optimistic",
        { jobId: job.id, node: node(1), price: PRICE, deadline: BigInt(timeOf(500)) },
        { block: 205 },
      ),
      first,
      event(
        "Challenged",
        "disputes",
        { statementId: disputed, gameId, node: node(1), game, r: [], deadline: BigInt(timeOf(400)) },
        { block: 220 },
      ),
      event(
        "DisputeEnded",
        "disputes",
        {
          statementId: disputed,
          disputeId: gameId,
          state: BigInt(DisputeState.NodeLost),
          payee: challenger,
          paid: game.bond,
        },
        { block: 400 },
      ),
      ...slashed("optimistic", job.id, node(1), [ANSWER_COLLATERAL, ANSWER_COLLATERAL], { block: 600 }),
      event("LiePaid", "optimistic", lied, { block: 600 }),
      event(
        "JobReopened",
        "optimistic",
        { jobId: job.id, failed: node(1), prize: PRICE, refund: OFFERED },
        { block: 600 },
      ),
      event(
        "JobReserved",
        "optimistic",
        { jobId: job.id, node: node(2), price: PRICE, deadline: BigInt(timeOf(900)) },
        { block: 610 },
      ),
      answered(job, node(2), GOOD, 1, 620),
      closed(job.id, won, 2_500),
    ],
  };
}

/** What an order takes at first, by the SDK. */
export const escrowIn = {
  ordered: (): bigint => escrowOf(unpackJob(orderedJob({ block: 1 }).packed)),
  offered: (): bigint =>
    optimisticEscrowOf(unpackOptimisticJob(offeredOrder({ block: 1 }, { deliveryTip: TIP }).packed)),
};
