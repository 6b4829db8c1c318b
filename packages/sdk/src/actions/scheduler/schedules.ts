import { randomBytes, toBigInt } from "ethers";

import type { Client } from "../../client.ts";
import { encodeOrder } from "../../codecs/encodedOrder.ts";
import {
  packSchedule,
  type PackedSchedule,
  type ScheduleRecord,
  scheduleId,
  type ScheduleTerms,
  unpackScheduleRecord,
} from "../../codecs/schedule.ts";
import { interfaces } from "../../contracts.ts";
import { type CreatedSchedule, createdSchedule } from "../../entities/createdSchedule.ts";
import { NotFoundError } from "../../errors/faults.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn, type Mined } from "../../events.ts";
import { findLastEvent } from "../../logs.ts";
import { action } from "../action.ts";
import type { PreparedOrder } from "../market/orders.ts";
import type { PreparedOptimisticOrder } from "../optimistic/orders.ts";
import { signerOf } from "../send.ts";

const { scheduler } = interfaces;

/** What every run of a schedule orders, as the markets take it, and for which input; that is empty where there is a source. */
export type ScheduledOrder = PreparedOrder | PreparedOptimisticOrder;

/** Parameters of {@link createSchedule}. Without a `nonce` a random one is taken. */
export type CreateScheduleParameters = Omit<ScheduleTerms, "owner"> &
  ScheduledOrder & {
    /** The most that all runs together can take, base units of OPG. */
    readonly budget: bigint;
  };

/** A schedule as its calls take it. */
export interface PreparedSchedule {
  readonly schedule: PackedSchedule;
  /** `abi.encode` of the order, hex. */
  readonly order: string;
  /** Hex. */
  readonly input: string;
}

/** Puts a schedule together. Pure but for a random nonce if none is given. */
export function prepareSchedule(owner: string, parameters: Omit<CreateScheduleParameters, "budget">): PreparedSchedule {
  const { order, input, nonce = toBigInt(randomBytes(8)), ...terms } = parameters;
  const schedule = packSchedule({ ...terms, owner, nonce }, order, input);
  return { schedule, order: encodeOrder(order), input };
}

/** The id of a schedule of the client's scheduler. */
export const scheduleIdOf = (
  { chainId, addresses }: Pick<Client, "chainId" | "addresses">,
  schedule: PackedSchedule,
): string => scheduleId(chainId, addresses.scheduler, schedule);

const created = (mined: Mined): CreatedSchedule => createdSchedule(eventIn(mined, "ScheduleCreated"));

/**
 * Begins a schedule of the client's account. That account's balance in the order's market pays; let the scheduler use it with
 * `allow` of Mandates.
 * @throws ProtocolError `SchedulerOutOfBounds`, `SchedulerWrongRequester`, `SchedulerExists`, `EntryPaused`;
 * FieldOverflowError.
 */
export const createSchedule = action(
  "scheduler",
  ({ schedule, order, input, budget }: PreparedSchedule & { readonly budget: bigint }) =>
    scheduler.encodeFunctionData("create", [schedule, order, input, budget]),
  {
    prepare: (client: Client, { budget, ...terms }: CreateScheduleParameters) =>
      Promise.resolve({ ...prepareSchedule(signerOf(client).account, terms), budget }),
    result: created,
  },
);

/** What calls on a schedule take: the schedule as its creation made it. `getSchedule` gives it for an id. */
export interface ScheduleParameters {
  readonly schedule: PackedSchedule;
}

/** Parameters of {@link changeSchedule}. */
export type ChangeScheduleParameters = Omit<CreateScheduleParameters, "budget"> & {
  /** What ends. */
  readonly replaced: PackedSchedule;
};

/**
 * Replaces a schedule of the client's account by another, which takes over what is left of its budget.
 * @throws ProtocolError as `createSchedule`, and `SchedulerUnknown`, `SchedulerNotOwner`, `SchedulerWrongState`.
 */
export const changeSchedule = action(
  "scheduler",
  ({ replaced, schedule, order, input }: PreparedSchedule & { readonly replaced: PackedSchedule }) =>
    scheduler.encodeFunctionData("change", [replaced, schedule, order, input]),
  {
    prepare: (client: Client, { replaced, ...terms }: ChangeScheduleParameters) =>
      Promise.resolve({ ...prepareSchedule(signerOf(client).account, terms), replaced }),
    result: created,
  },
);

/** Parameters of {@link topUpSchedule}. */
export interface TopUpScheduleParameters extends ScheduleParameters {
  /** OPG, base units. */
  readonly amount: bigint;
}

/**
 * Lets runs of a schedule take more out of the owner's balance. Moves no money.
 * @throws ProtocolError `SchedulerUnknown`, `SchedulerNotOwner`, `SchedulerWrongState`, `SchedulerOutOfBounds`.
 */
export const topUpSchedule = action("scheduler", ({ schedule, amount }: TopUpScheduleParameters) =>
  scheduler.encodeFunctionData("topUp", [schedule, amount]),
);

/**
 * Stops a schedule.
 * @throws ProtocolError `SchedulerUnknown`, `SchedulerNotOwner`, `SchedulerWrongState`.
 */
export const pauseSchedule = action("scheduler", ({ schedule }: ScheduleParameters) =>
  scheduler.encodeFunctionData("setPaused", [schedule, true]),
);

/**
 * Lets a schedule go on with the period in which this happens.
 * @throws ProtocolError as `pauseSchedule`.
 */
export const resumeSchedule = action("scheduler", ({ schedule }: ScheduleParameters) =>
  scheduler.encodeFunctionData("setPaused", [schedule, false]),
);

/**
 * Ends a schedule. Jobs that it has ordered go on.
 * @throws ProtocolError as `pauseSchedule`.
 */
export const cancelSchedule = action("scheduler", ({ schedule }: ScheduleParameters) =>
  scheduler.encodeFunctionData("cancel", [schedule]),
);

/** Parameters of {@link getSchedule}. */
export interface ScheduleIdParameters {
  readonly scheduleId: string;
}

/** A schedule as it was made, and where it stands now. */
export interface ScheduleWithRecord extends CreatedSchedule {
  readonly record: ScheduleRecord;
}

/**
 * Finds a schedule by its id: its fields in the log of its creation, its state in storage.
 * @throws NotFoundError if there is no such schedule.
 */
export async function getSchedule(
  client: Client,
  { scheduleId: id }: ScheduleIdParameters,
): Promise<ScheduleWithRecord> {
  const word = await explained(client.scheduler.recordOf(id));
  if (word === 0n) throw new NotFoundError("schedule", id);
  const event = await findLastEvent(client, "scheduler", "ScheduleCreated", [id], client.startBlock);
  if (event === undefined) throw new NotFoundError("schedule", id);
  return { ...createdSchedule(event), record: unpackScheduleRecord(word) };
}
