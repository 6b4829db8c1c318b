import type { EventNamed } from "../events.ts";

/** A run of a schedule. Amounts in base units of OPG. */
export interface OrderedRun {
  readonly scheduleId: string;
  /** What it ordered. */
  readonly jobId: string;
  readonly keeper: string;
  /** The period. */
  readonly index: bigint;
  /** The order's escrow. */
  readonly cost: bigint;
  /** What the keeper got. */
  readonly reward: bigint;
  readonly transactionHash: string;
}

/** The run that an event tells of. */
export function orderedRun({ args, transactionHash }: EventNamed<"RunOrdered">): OrderedRun {
  const { scheduleId, jobId, keeper, index, cost, reward } = args;
  return { scheduleId, jobId, keeper, index, cost, reward, transactionHash };
}
