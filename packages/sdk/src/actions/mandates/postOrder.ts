import { isHexString } from "ethers";

import type { Client } from "../../client.ts";
import { OipFormatError } from "../../oip/errors.ts";
import { exchange, parsed } from "../../oip/exchange.ts";
import { asObject } from "../../oip/fields.ts";
import type { SignedOrder } from "../market/orders.ts";
import type { SignedOptimisticOrder } from "../optimistic/orders.ts";

/** A relayer asks the chain before it answers. */
const TIMEOUT = 30_000;
const MOST_BYTES = 65_536;

/** Parameters of {@link postOrder}. */
export interface PostOrderParameters {
  /** Base URL of a relayer. */
  readonly url: string;
  /** What `signOrder` or `signOptimisticOrder` gave. */
  readonly order: SignedOrder | SignedOptimisticOrder;
  readonly signal?: AbortSignal;
}

/**
 * Hands a signed order to a relayer, which brings it on chain and is repaid within what was signed. Sends nothing itself.
 * @returns hash of the relayer's transaction; one that pays more for its gas can take its place, so wait for the job's event.
 * @throws OipStatusError with the reason if the relayer does not take it, OipFormatError, a `TimeoutError`, the reason of the
 * signal, or what `fetch` throws. A relayer that says nothing may have sent it: the order can become one job at most.
 */
export async function postOrder(
  { addresses }: Pick<Client, "addresses">,
  { url, order, signal }: PostOrderParameters,
): Promise<string> {
  const market = "node" in order.order ? addresses.optimistic : addresses.market;
  const answer = await exchange({
    url,
    path: "v1/orders",
    request: { method: "POST", headers: { "content-type": "application/json" }, body: textOf(market, order) },
    timeout: TIMEOUT,
    mostBytes: MOST_BYTES,
    signal,
  });
  const { transaction } = asObject("body", parsed(answer.body));
  if (isHexString(transaction, 32)) return transaction;
  throw new OipFormatError("transaction", "must be 32 bytes in hex");
}

/** Integers beyond what numbers of JSON hold are decimal text. */
function textOf(market: string, { order, input, signed }: PostOrderParameters["order"]): string {
  const { mostCost, mostRepay, nonce, expiresAt, signature } = signed;
  const bounds = { mostCost: `${mostCost}`, mostRepay: `${mostRepay}`, nonce: `${nonce}`, expiresAt, signature };
  return JSON.stringify({ market, order, input, signed: bounds });
}
