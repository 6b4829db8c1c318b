import { hexlify } from "ethers";

import { encodePayload, PayloadError } from "../../codecs/payload.ts";
import type { Tensor } from "../../codecs/tensor.ts";
import { interfaces } from "../../contracts.ts";
import { eventIn } from "../../events.ts";
import { action } from "../action.ts";
import type { JobParameters } from "./jobs.ts";

const { market } = interfaces;

/** What a job ended with: an output, or the error on which the nodes agreed. */
export type InferenceResult = { readonly tensors: readonly Tensor[] } | { readonly fault: PayloadError };

/** A result as deliveries take it: the error, and the payload. */
export function packResult(result: InferenceResult): [PayloadError, string] {
  if ("fault" in result) return [result.fault, "0x"];
  return [PayloadError.None, hexlify(encodePayload(result.tensors))];
}

/** Parameters of {@link deliverResult}. */
export interface DeliverResultParameters extends JobParameters {
  readonly result: InferenceResult;
}

/**
 * Hands a final result to the job's callback and earns the tip if that takes it. Anyone may. `delivered` is false if the
 * callback failed; anyone can try again.
 * @throws ProtocolError `MarketWrongState`, `MarketNothingToDeliver`, `MarketWrongOutput`, `MarketOutputTooLarge`,
 * `CallbackGasTooLow`, `MarketUnknownJob`.
 */
export const deliverResult = action(
  "market",
  ({ job, result }: DeliverResultParameters) => market.encodeFunctionData("deliver", [job, ...packResult(result)]),
  { result: ({ events }) => ({ delivered: events.some(({ name }) => name === "ResultDelivered") }) },
);

/**
 * Gives a requester its tip back (OPG, base units) when nobody could deliver for 30 days. Anyone may.
 * @throws ProtocolError `MarketNoTipToReclaim`, `MarketUnknownJob`.
 */
export const reclaimTip = action("market", ({ job }: JobParameters) => market.encodeFunctionData("reclaimTip", [job]), {
  result: (mined) => ({ amount: eventIn(mined, "TipReclaimed").args.amount }),
});
