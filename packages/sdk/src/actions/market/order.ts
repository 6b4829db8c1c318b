import { hexlify, randomBytes, toBigInt } from "ethers";

import { type Order, type PackedJob, packOrder } from "../../codecs/job.ts";
import { encodeInputURI, encodePayload, payloadRoot } from "../../codecs/payload.ts";
import type { Tensor } from "../../codecs/tensor.ts";

/** The input of an inference: the tensors themselves, or where nodes fetch `encodePayload` of them, and their root. */
export type InferenceInput =
  { readonly tensors: readonly Tensor[] } | { readonly uri: string; readonly inputRoot: string };

/**
 * What a requester chooses. Who orders and the root of the input follow from elsewhere, and without a `nonce` a random one
 * is taken.
 */
export type OrderTerms = Omit<Order, "requester" | "inputRoot">;

/** An order as the market takes it. */
export interface PreparedOrder {
  readonly order: PackedJob;
  /** The payload or its URI, hex. */
  readonly input: string;
}

/** Puts an order together. */
export function prepareOrder(requester: string, terms: OrderTerms, input: InferenceInput): PreparedOrder {
  const byUri = "uri" in input;
  const inputRoot = byUri ? input.inputRoot : payloadRoot(input.tensors);
  const nonce = terms.nonce ?? toBigInt(randomBytes(8));
  return {
    order: packOrder({ ...terms, requester, inputRoot, nonce }),
    input: byUri ? encodeInputURI(input.uri) : hexlify(encodePayload(input.tensors)),
  };
}
