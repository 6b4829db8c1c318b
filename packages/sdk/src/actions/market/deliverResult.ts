import { hexlify } from "ethers";

import type { Client } from "../../client.ts";
import { encodePayload, PayloadError } from "../../codecs/payload.ts";
import type { Tensor } from "../../codecs/tensor.ts";
import { parseLog } from "../../events.ts";
import { type Sent, sendAndWait } from "../../send.ts";
import type { JobParameters } from "./job.ts";

export interface DeliverResultParameters extends JobParameters {
  /** The output, or the error on which the nodes agreed. */
  readonly result: { readonly tensors: readonly Tensor[] } | { readonly fault: PayloadError };
}

export interface DeliveredResult extends Sent {
  /** False if the callback failed; anyone can try again. */
  readonly delivered: boolean;
}

/**
 * Hands a final result to the job's callback, earns the tip if that takes it, and waits to see whether it did. Anyone
 * may.
 * @throws ProtocolError `MarketWrongState`, `MarketNothingToDeliver`, `MarketWrongOutput`, `MarketOutputTooLarge`,
 * `CallbackGasTooLow`, `PayloadWrongLength`, `MarketUnknownJob`.
 */
export async function deliverResult(client: Client, parameters: DeliverResultParameters): Promise<DeliveredResult> {
  const { job, result } = parameters;
  const [fault, payload] =
    "fault" in result ? [result.fault, "0x"] : [PayloadError.None, hexlify(encodePayload(result.tensors))];
  const receipt = await sendAndWait(client, () => client.market.deliver(job, fault, payload));
  const delivered = receipt.logs.some((log) => parseLog(client.addresses, log)?.name === "ResultDelivered");
  return { transactionHash: receipt.hash, delivered };
}
