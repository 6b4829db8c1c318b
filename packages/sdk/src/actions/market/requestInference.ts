import type { Client } from "../../client.ts";
import { type RequestedJob, requestedJob } from "../../entities/requestedJob.ts";
import { eventIn } from "../../events.ts";
import { sendAndWait, signerOf } from "../../send.ts";
import { type InferenceInput, type OrderTerms, prepareOrder } from "./order.ts";

export interface RequestInferenceParameters extends OrderTerms {
  readonly input: InferenceInput;
}

/**
 * Orders an inference out of the balance of the client's account, and waits until the order is in a block.
 * @throws ProtocolError `MarketInsufficientBalance`, `MarketTermOutOfBounds`, `MarketRoyaltyTooHigh`,
 * `RegistryUnknownVersion`, `RegistryVersionDeprecated`, `RegistryRequesterNotAllowed`.
 */
export async function requestInference(client: Client, parameters: RequestInferenceParameters): Promise<RequestedJob> {
  const { input, ...terms } = parameters;
  const prepared = prepareOrder(signerOf(client).account, terms, input);
  const receipt = await sendAndWait(client, () => client.market.request(prepared.order, prepared.input));
  return requestedJob(eventIn(client.addresses, receipt, "JobRequested"));
}
