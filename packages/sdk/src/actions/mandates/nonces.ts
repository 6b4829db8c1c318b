import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { action } from "../action.ts";

const { mandates } = interfaces;

/** Which signed order is meant. */
export interface OrderNonceParameters {
  /** That of the order's bounds, not the one among its fields. */
  readonly nonce: bigint;
}

/**
 * Makes what the client's account has signed with this nonce worthless, in all markets.
 * @throws ProtocolError `MandateNonceUsed`.
 */
export const cancelOrderNonce = action("mandates", ({ nonce }: OrderNonceParameters) =>
  mandates.encodeFunctionData("cancelNonce", [nonce]),
);

/** Parameters of {@link isOrderNonceUsed}. */
export interface OrderNonceOfParameters extends OrderNonceParameters {
  readonly account: string;
}

/** Whether an order that the account has signed with this nonce was brought, or cancelled. */
export const isOrderNonceUsed = (client: Client, { account, nonce }: OrderNonceOfParameters): Promise<boolean> =>
  explained(client.mandates.isNonceUsed(account, nonce));
