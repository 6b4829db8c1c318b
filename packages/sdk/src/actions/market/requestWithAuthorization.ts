import type { Client } from "../../client.ts";
import { type RequestedJob, requestedJob } from "../../entities/requestedJob.ts";
import { eventIn } from "../../events.ts";
import { sendAndWait } from "../../send.ts";
import type { RequestAuthorization } from "./signRequestAuthorization.ts";

/**
 * Sends an order that `signRequestAuthorization` made, and waits until it is in a block. Anyone may.
 * @throws ProtocolError as `requestInference`, and `ERC3009UsedAuthorization`, `ERC3009InvalidAuthorizationTime`,
 * `ERC3009InvalidSignature`, `ERC20InsufficientBalance`.
 */
export async function requestWithAuthorization(client: Client, signed: RequestAuthorization): Promise<RequestedJob> {
  const { order, input, payment } = signed;
  const receipt = await sendAndWait(client, () => client.market.requestWithAuthorization(order, input, payment));
  return requestedJob(eventIn(client.addresses, receipt, "JobRequested"));
}
