import { decodeOrder } from "../codecs/encodedOrder.ts";
import type { PackedJob } from "../codecs/job.ts";
import type { PackedOptimisticJob } from "../codecs/optimisticJob.ts";
import { type PackedSchedule, type Schedule, unpackSchedule } from "../codecs/schedule.ts";
import type { EventNamed } from "../events.ts";

/** A schedule as its owner made it. */
export interface CreatedSchedule {
  readonly scheduleId: string;
  /** As every call on the schedule takes it. */
  readonly packed: PackedSchedule;
  /** The same, readable. */
  readonly schedule: Schedule;
  /** What every run orders; one with a `node` goes to the market where one node answers. */
  readonly order: PackedJob | PackedOptimisticJob;
  /** The input of every run, or its URI; hex, and empty where a source gives it. */
  readonly input: string;
  /** What runs could take at first, base units of OPG. */
  readonly budget: bigint;
  readonly transactionHash: string;
}

/** The schedule that an event carries. */
export function createdSchedule({ args, transactionHash }: EventNamed<"ScheduleCreated">): CreatedSchedule {
  return {
    scheduleId: args.scheduleId,
    packed: args.schedule,
    schedule: unpackSchedule(args.schedule),
    order: decodeOrder(args.order),
    input: args.input,
    budget: args.budget,
    transactionHash,
  };
}
