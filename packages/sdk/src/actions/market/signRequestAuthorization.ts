import { keccak256 } from "ethers";

import type { Client } from "../../client.ts";
import { orderPaymentNonce } from "../../codecs/job.ts";
import { signerOf } from "../../send.ts";
import { type Payment, type PaymentPeriod, signReceiveAuthorization } from "../token/signReceiveAuthorization.ts";
import { type PreparedOrder, prepareOrder } from "./order.ts";
import { quoteOrder } from "./quoteOrder.ts";
import type { RequestInferenceParameters } from "./requestInference.ts";

export interface SignRequestAuthorizationParameters extends RequestInferenceParameters, PaymentPeriod {
  /** OPG, base units; by default the order's escrow. What it brings beyond that stays in the balance. */
  readonly value?: bigint;
}

/** An order, and the signed payment that places it. */
export interface RequestAuthorization extends PreparedOrder {
  readonly payment: Payment;
}

/**
 * Signs an order with the payment for it, which somebody else can send and pay the gas for. Sends nothing.
 * @throws ProtocolError `RegistryUnknownVersion`, `RegistryVersionDeprecated`, `RegistryRequesterNotAllowed`.
 */
export async function signRequestAuthorization(
  client: Client,
  parameters: SignRequestAuthorizationParameters,
): Promise<RequestAuthorization> {
  const { input, value, validAfter, validBefore, ...terms } = parameters;
  const { account: requester } = signerOf(client);
  const prepared = prepareOrder(requester, terms, input);
  const { market } = client.addresses;
  const payment = await signReceiveAuthorization(client, {
    to: market,
    value: value ?? (await quoteOrder(client, { ...terms, requester })).escrow,
    nonce: orderPaymentNonce(client.chainId, market, prepared.order, keccak256(prepared.input)),
    ...(validAfter !== undefined && { validAfter }),
    ...(validBefore !== undefined && { validBefore }),
  });
  return { ...prepared, payment };
}
