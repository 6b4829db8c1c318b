import type { OptimisticTerms, OrderTerms } from "@opg-protocol/sdk";

import type { EventIndex } from "../history/EventIndex.ts";
import type { JobOrder, JobTerms } from "./jobOrders.ts";
import { jobTracksOf } from "./jobTracks.ts";
import { jobsOf } from "./jobs.ts";

const OPG = 10n ** 18n;

/** What is quoted for a version: the terms of its last order, or an example where there was none. */
export interface Quoted<Terms> {
  readonly terms: Terms;
  /** The order whose terms they are; undefined for an example. */
  readonly from: JobOrder | undefined;
}

/** The last order of a version in a market. */
function lastOrderOf(index: EventIndex, versionId: string, market: JobTerms["market"]): JobOrder | undefined {
  const job = jobsOf(index).find((each) => each.market === market && each.versionId === versionId);
  return job && jobTracksOf(index).get(job.id)?.order;
}

/** Terms for an order of several nodes. */
export function drawnTermsOf(index: EventIndex, versionId: string): Quoted<OrderTerms> {
  const from = lastOrderOf(index, versionId, "market");
  if (from?.terms.market !== "market") {
    return {
      terms: { versionId, seatPrice: OPG / 10n, quorum: 3, collateralFactor: 0, sealPeriod: 60 },
      from: undefined,
    };
  }
  const { seatPrice, quorum, auditBps, collateralFactor, sealPeriod } = from.terms.job;
  return { terms: { versionId, seatPrice, quorum, auditBps, collateralFactor, sealPeriod }, from };
}

/** Terms for an order of one node, in which an answer can be disputed for `windowPeriod` seconds unless an order named a time. */
export function singleTermsOf(index: EventIndex, versionId: string, windowPeriod: number): Quoted<OptimisticTerms> {
  const from = lastOrderOf(index, versionId, "optimistic");
  if (from?.terms.market !== "optimistic") {
    return {
      terms: { versionId, price: OPG / 10n, auctionRamp: 60, answerPeriod: 300, windowPeriod },
      from: undefined,
    };
  }
  const { price, auditBps, valueAtStake, answerPeriod, node, lowestPrice, auctionDelay, auctionRamp } = from.terms.job;
  const taker = BigInt(node) === 0n ? { lowestPrice, auctionDelay, auctionRamp } : { node };
  const ordered = from.terms.job.windowPeriod;
  return {
    terms: { versionId, price, auditBps, valueAtStake, answerPeriod, windowPeriod: ordered, ...taker },
    from,
  };
}
