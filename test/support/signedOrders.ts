import { type Addressable, type BytesLike, keccak256, type Signer, toBeHex } from "ethers";

import { mandatesDomain, type OrderBounds, SIGNED_ORDER_TYPES } from "../../packages/sdk/src/codecs/mandate.ts";
import { optimisticOrderSubject, type PackedOptimisticJob } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import type { Protocol } from "./fixtures.ts";
import type { Offering } from "./optimistic.ts";
import { chainId } from "./payments.ts";

/** What an account has signed about an order, as `requestFor` takes it. */
export type SignedBounds = OrderBounds & { readonly signature: string };

/** Signs an order for a market; `subject` hashes to the order and its input. */
export async function signSubject(
  { mandates }: Protocol,
  signer: Signer,
  market: Addressable,
  subject: string,
  bounds: OrderBounds,
): Promise<SignedBounds> {
  const domain = mandatesDomain(await chainId(), await mandates.getAddress());
  const message = { ledger: await market.getAddress(), order: subject, ...bounds };
  return { ...bounds, signature: await signer.signTypedData(domain, SIGNED_ORDER_TYPES, message) };
}

/** Signs an order of one node. */
export const signOrder = (
  suite: Protocol,
  signer: Signer,
  market: Addressable,
  order: PackedOptimisticJob,
  input: BytesLike,
  bounds: OrderBounds,
): Promise<SignedBounds> => signSubject(suite, signer, market, optimisticOrderSubject(order, keccak256(input)), bounds);

/** The job that an order becomes, with a royalty below the cap, which says since when it stands: its node knows it before it is placed. */
export async function jobOfOrder(
  { optimistic, registry, requester }: Offering,
  order: PackedOptimisticJob,
): Promise<PackedOptimisticJob> {
  const { rules } = await optimistic.governed();
  const { royalty, payee } = await registry.quote(order.versionId, requester);
  return { ...order, rules, royalty: toBeHex((royalty << 160n) | BigInt(payee), 32) };
}
