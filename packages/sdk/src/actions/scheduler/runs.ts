import { dataLength } from "ethers";

import type { Client } from "../../client.ts";
import { encodeOrder } from "../../codecs/encodedOrder.ts";
import { interfaces } from "../../contracts.ts";
import type { CreatedSchedule } from "../../entities/createdSchedule.ts";
import { type OrderedRun, orderedRun } from "../../entities/orderedRun.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn } from "../../events.ts";
import { findEvents } from "../../logs.ts";
import { action } from "../action.ts";
import type { ScheduleIdParameters } from "./schedules.ts";

const { scheduler } = interfaces;

/** What a run takes of a schedule. `getSchedule` gives it for an id. */
export type RunParameters = Pick<CreatedSchedule, "packed" | "order" | "input">;

/**
 * Runs a schedule for the period that has begun, and earns the reward in the market's ledger. Anyone may. Whatever keeps the
 * order from being placed reverts it, so simulate it before sending: `call` and `eth_call`.
 * @throws ProtocolError `SchedulerNotDue`, `SchedulerOver`, `SchedulerWrongState`, `SchedulerUnknown`,
 * `SchedulerSourceFailed`, `SchedulerNoticeRefused`, `SchedulerCostTooHigh`, `SchedulerBudgetTooSmall`, `CallbackGasTooLow`,
 * `EntryPaused`, `MandateCapTooLow`; and as the order of its market.
 */
export const triggerSchedule = action(
  "scheduler",
  ({ packed, order, input }: RunParameters) =>
    scheduler.encodeFunctionData("trigger", [packed, encodeOrder(order), input]),
  { result: (mined) => orderedRun(eventIn(mined, "RunOrdered")) },
);

/** What a keeper finds. */
export interface DueRun {
  /** The period that can run now. */
  readonly index: bigint;
  /** What that earns, base units of OPG. */
  readonly reward: bigint;
}

/** Parameters of {@link getDueRun}. */
export interface DueRunParameters extends Pick<CreatedSchedule, "packed" | "input"> {
  /** Where a source gives the input, so many bytes are taken for its length; by default none. */
  readonly sourcedBytes?: number;
}

/**
 * The run that is due now, and what it earns.
 * @throws ProtocolError `SchedulerNotDue`, `SchedulerOver`, `SchedulerWrongState`, `SchedulerUnknown`, `EntryPaused`: none
 * is.
 */
export async function getDueRun(client: Client, parameters: DueRunParameters): Promise<DueRun> {
  const { packed, input, sourcedBytes = 0 } = parameters;
  const { index, reward } = await explained(client.scheduler.dueOf(packed, dataLength(input) + sourcedBytes));
  return { index, reward };
}

/** All runs of a schedule, oldest first. */
export async function getRuns(client: Client, { scheduleId }: ScheduleIdParameters): Promise<readonly OrderedRun[]> {
  const events = await findEvents(client, "scheduler", "RunOrdered", [scheduleId], client.startBlock);
  return events.map(orderedRun);
}
