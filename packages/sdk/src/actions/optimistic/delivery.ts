import { interfaces } from "../../contracts.ts";
import { eventIn } from "../../events.ts";
import { action } from "../action.ts";
import { type InferenceResult, packResult } from "../market/delivery.ts";
import type { OptimisticJobParameters } from "./jobs.ts";

const { optimistic } = interfaces;

/** Parameters of {@link deliverOptimistic}. */
export interface DeliverOptimisticParameters extends OptimisticJobParameters {
  /** Who has stated it. */
  readonly node: string;
  readonly result: InferenceResult;
}

/**
 * Hands a result to the job's callback and earns the tip if that takes it; before it is final if the order says so. Anyone
 * may. `delivered` is false if the callback failed; anyone can try again.
 * @throws ProtocolError `MarketWrongPhase`, `MarketNothingToDeliver`, `MarketNotStated`, `MarketAnswerFalse`,
 * `MarketOutputTooLarge`, `CallbackGasTooLow`, `MarketUnknownJob`.
 */
export const deliverOptimistic = action(
  "optimistic",
  ({ job, node, result }: DeliverOptimisticParameters) =>
    optimistic.encodeFunctionData("deliver", [job, node, ...packResult(result)]),
  { result: ({ events }) => ({ delivered: events.some(({ name }) => name === "ResultDelivered") }) },
);

/**
 * Gives a requester its tip back (OPG, base units) when nobody could deliver for 30 days. Anyone may.
 * @throws ProtocolError `MarketNoTipToReclaim`, `MarketUnknownJob`.
 */
export const reclaimOptimisticTip = action(
  "optimistic",
  ({ job }: OptimisticJobParameters) => optimistic.encodeFunctionData("reclaimTip", [job]),
  { result: (mined) => ({ amount: eventIn(mined, "TipReclaimed").args.amount }) },
);
