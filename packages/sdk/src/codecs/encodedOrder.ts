import { type BytesLike, concat, dataLength, dataSlice } from "ethers";

import { JOB_FIELDS, type PackedJob } from "./job.ts";
import { OPTIMISTIC_JOB_FIELDS, type PackedOptimisticJob } from "./optimisticJob.ts";

/** An order as schedules and links have it, for whichever market it is. */
export function encodeOrder(order: PackedJob | PackedOptimisticJob): string {
  return "node" in order
    ? concat(OPTIMISTIC_JOB_FIELDS.map((field) => order[field]))
    : concat(JOB_FIELDS.map((field) => order[field]));
}

/**
 * The order in the event of a schedule or link. One with a `node` is for the market where one node answers.
 * @throws RangeError where the bytes are an order of no market.
 */
export function decodeOrder(order: BytesLike): PackedJob | PackedOptimisticJob {
  const length = dataLength(order);
  const fields = [JOB_FIELDS, OPTIMISTIC_JOB_FIELDS].find((names) => 32 * names.length === length);
  if (fields === undefined) throw new RangeError(`An order is 224 or 256 bytes long, and this is ${length}.`);
  return Object.fromEntries(fields.map((field, i) => [field, dataSlice(order, 32 * i, 32 * i + 32)])) as unknown as
    PackedJob | PackedOptimisticJob;
}
