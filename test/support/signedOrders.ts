import { type Addressable, type BytesLike, keccak256, type Signer, toBeHex } from "ethers";

import { mandatesDomain, type OrderBounds, SIGNED_ORDER_TYPES } from "../../packages/sdk/src/codecs/mandate.ts";
import { optimisticOrderSubject, type PackedOptimisticJob } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import type { Protocol } from "./fixtures.ts";
import type { Offering } from "./optimistic.ts";
import { chainId } from "./payments.ts";

/** What an account has signed about an order, as `requestFor` takes it. */
export type SignedBounds = OrderBounds & { readonly signature: string };

/** Signs an order for a market. */
export async function signOrder(
  { mandates }: Protocol,
  signer: Signer,
  market: Addressable,
  order: PackedOptimisticJob,
  input: BytesLike,
  bounds: OrderBounds,
): Promise<SignedBounds> {
  const domain = mandatesDomain(await chainId(), await mandates.getAddress());
  const subject = optimisticOrderSubject(order, keccak256(input));
  const message = { ledger: await market.getAddress(), order: subject, ...bounds };
  return { ...bounds, signature: await signer.signTypedData(domain, SIGNED_ORDER_TYPES, message) };
}

/** The job that an order becomes, with a royalty below the cap, which says since when it stands: its node knows it before it is placed. */
export async function jobOfOrder(
  { optimistic, registry, requester }: Offering,
  order: PackedOptimisticJob,
): Promise<PackedOptimisticJob> {
  const { rules } = await optimistic.governed();
  const { royalty, payee } = await registry.quote(order.versionId, requester);
  return { ...order, rules, royalty: toBeHex((royalty << 160n) | BigInt(payee), 32) };
}
