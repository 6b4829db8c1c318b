import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { settledJob } from "../../entities/settledJob.ts";
import { eventIn, type Mined } from "../../events.ts";
import { action } from "../action.ts";
import type { JobParameters } from "./jobs.ts";
import type { SeatsArguments, SeatsParameters } from "./rounds.ts";
import { withSeats } from "./withSeats.ts";

const { market } = interfaces;

const findSeats = (client: Client, given: SeatsParameters) => withSeats(client, given);

/** How the job of a transaction ended. */
export const settlementIn = (mined: Mined) => settledJob(eventIn(mined, "JobSettled"));

/**
 * Takes a job one step on without ending it: records its first seed, fixes the block of the next one, or begins an audit
 * or an appeal. Anyone may.
 * @throws ProtocolError `MarketNotDue`, `MarketSealingNotOpen`, `MarketSeedMissed`, `MarketWrongState`,
 * `PolicyWrongSeats`, `CommitmentsNotSealed`, `MarketUnknownJob`.
 */
export const advanceJob = action(
  "market",
  ({ job, seats }: SeatsArguments) => market.encodeFunctionData("advance", [job, [...seats]]),
  { prepare: findSeats },
);

/**
 * Ends a job that has been answered: pays, slashes and refunds. Anyone may.
 * @throws ProtocolError `PolicyNotFinal`, `PolicyWrongSeats`, `CommitmentsNotSealed`, `MarketNotDue` if the job must
 * expire, `MarketWrongState` if it has ended, `MarketUnknownJob`.
 */
export const settleJob = action(
  "market",
  ({ job, seats }: SeatsArguments) => market.encodeFunctionData("settle", [job, [...seats]]),
  { prepare: findSeats, result: settlementIn },
);

/**
 * Ends a job that found no seed or too few nodes: the requester gets everything back. Anyone may.
 * @throws ProtocolError `PolicyNotFinal`, `PolicyWrongSeats`, `CommitmentsNotSealed`, `MarketNotDue` if the job must be
 * settled, `MarketWrongState` if it has ended, `MarketUnknownJob`.
 */
export const expireJob = action(
  "market",
  ({ job, seats }: SeatsArguments) => market.encodeFunctionData("expire", [job, [...seats]]),
  { prepare: findSeats, result: settlementIn },
);

/**
 * Takes an order back, while the seed of its draw cannot be known: about two blocks. Only for its requester.
 * @throws ProtocolError `MarketNotRequester`, `MarketWrongState`, `MarketTooLateToCancel`, `MarketUnknownJob`.
 */
export const cancelJob = action("market", ({ job }: JobParameters) => market.encodeFunctionData("cancel", [job]));
