import { randomBytes, toBigInt } from "ethers";

import type { Client } from "../../client.ts";
import { mandatesDomain, type OrderBounds, SIGNED_ORDER_TYPES } from "../../codecs/mandate.ts";
import { signerOf } from "../send.ts";
import { inAnHour } from "../token/domain.ts";

/**
 * Within which bounds somebody else may bring an order. By default it may cost its escrow, repays nothing, and is good for an
 * hour.
 */
export interface SignedOrderTerms extends Partial<Omit<OrderBounds, "nonce">> {
  /** Uses the signature up; by default 31 random bytes. Those of orders in a row are cheaper if they follow one another. */
  readonly signedNonce?: bigint;
}

/** What `requestFor` of a market takes beside order and input. */
export interface OrderSignature {
  readonly signed: OrderBounds & { readonly signature: string };
}

/** What {@link signOrderTerms} signs terms about. */
export interface OrderToSign {
  /** The market that is to take it. */
  readonly ledger: string;
  /** What hashes to the order and its input. */
  readonly order: string;
  /** What the order takes out of the balance; asked for only if no `mostCost` is given. */
  readonly escrow: () => Promise<bigint>;
}

/** Signs that somebody else may bring an order of the client's account within these bounds. Sends nothing. */
export async function signOrderTerms(
  client: Client,
  { ledger, order, escrow }: OrderToSign,
  { mostCost, mostRepay = 0n, expiresAt, signedNonce }: SignedOrderTerms,
): Promise<OrderSignature> {
  const bounds = {
    mostCost: mostCost ?? (await escrow()),
    mostRepay,
    nonce: signedNonce ?? toBigInt(randomBytes(31)),
    expiresAt: expiresAt ?? (await inAnHour(client)),
  };
  const domain = mandatesDomain(client.chainId, client.addresses.mandates);
  const { signer } = signerOf(client);
  const signature = await signer.signTypedData(domain, SIGNED_ORDER_TYPES, { ledger, order, ...bounds });
  return { signed: { ...bounds, signature } };
}
