import {
  escrowOf,
  type Job,
  offeredJob,
  type OptimisticJob,
  optimisticEscrowOf,
  type PackedJob,
  type PackedOptimisticJob,
  requestedJob,
} from "@opg-protocol/sdk";

import type { TimedEventNamed } from "../history/EventIndex.ts";

/** Where a job was ordered: of several nodes that are drawn, or of one. The name of the market in a deployment. */
export type JobMarket = "market" | "optimistic";

/** What was ordered in each of the markets. */
export type JobTerms =
  | { readonly market: "market"; readonly job: Job; readonly packed: PackedJob }
  | { readonly market: "optimistic"; readonly job: OptimisticJob; readonly packed: PackedOptimisticJob };

/** A job as its order made it. Amounts in base units of OPG. */
export interface JobOrder {
  readonly id: string;
  readonly terms: JobTerms;
  /** The payload, if it begins with a zero byte, else the URI of it; hex. */
  readonly input: string;
  /** All that the requester can come to owe. */
  readonly escrow: bigint;
  /** What a seat earns; where one node answers, what it earns at most. */
  readonly price: bigint;
  /** Unix seconds. */
  readonly orderedAt: number;
  readonly tx: string;
}

/** The event with which a job begins. */
export type OrderEvent = TimedEventNamed<"JobRequested" | "JobOffered">;

/** Unpacking takes long where there are many jobs; events stay as they are, so it is done once for each. */
const known = new WeakMap<OrderEvent, JobOrder>();

/** The job that an order made. */
export function orderOf(event: OrderEvent): JobOrder {
  const found = known.get(event) ?? readOrder(event);
  known.set(event, found);
  return found;
}

function readOrder(event: OrderEvent): JobOrder {
  const { timestamp: orderedAt, transactionHash: tx } = event;
  if (event.name === "JobRequested") {
    const { jobId: id, job, packed, input } = requestedJob(event);
    const terms = { market: "market", job, packed } as const;
    return { id, terms, input, escrow: escrowOf(job), price: job.seatPrice, orderedAt, tx };
  }
  const { jobId: id, job, packed, input } = offeredJob(event);
  const terms = { market: "optimistic", job, packed } as const;
  return { id, terms, input, escrow: optimisticEscrowOf(job), price: job.price, orderedAt, tx };
}
