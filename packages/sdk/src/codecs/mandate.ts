import { type TypedDataDomain, TypedDataEncoder } from "ethers";

/** What a signed order can cost, and until when it is good. */
export interface OrderBounds {
  /** The most that the order may take out of the balance, base units of OPG. */
  readonly mostCost: bigint;
  /** The most that whoever brings it may take beside that, base units of OPG. */
  readonly mostRepay: bigint;
  /** Uses the order up: one order each, in any sequence. 256 that follow one another share a slot on chain. */
  readonly nonce: bigint;
  /** Unix seconds, exclusive. */
  readonly expiresAt: number;
}

/** The EIP-712 types of a signed order. */
export const SIGNED_ORDER_TYPES = {
  SignedOrder: [
    { name: "ledger", type: "address" },
    { name: "order", type: "bytes32" },
    { name: "mostCost", type: "uint256" },
    { name: "mostRepay", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "expiresAt", type: "uint256" },
  ],
};

/** The EIP-712 domain in which accounts sign orders. */
export const mandatesDomain = (chainId: bigint, mandates: string): TypedDataDomain => ({
  name: "OPG Mandates",
  version: "1",
  chainId,
  verifyingContract: mandates,
});

/** What a signature of an order is of: the same as `Mandates.digestOf`. */
export function signedOrderDigest(
  domain: TypedDataDomain,
  ledger: string,
  order: string,
  { mostCost, mostRepay, nonce, expiresAt }: OrderBounds,
): string {
  const message = { ledger, order, mostCost, mostRepay, nonce, expiresAt };
  return TypedDataEncoder.hash(domain, SIGNED_ORDER_TYPES, message);
}
