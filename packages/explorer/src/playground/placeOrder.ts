/** Orders with as few questions to the wallet as can be. */
import {
  type Addresses,
  batchMarket,
  batchOptimistic,
  type Call,
  type Client,
  depositOptimisticWithPermit,
  depositWithPermit,
  formatOpg,
  getBalance,
  getOptimisticBalance,
  type Mined,
  type OptimisticTerms,
  type OrderTerms,
  type Permit,
  prepareOptimisticOrder,
  prepareOrder,
  quoteOptimistic,
  quoteOrder,
  requestInference,
  requestOptimistic,
  signPermit,
  type Tensor,
} from "@opg-protocol/sdk";

import type { ChosenTerms } from "./choice.ts";

/** A placed order. */
export type Placed = Mined & { readonly jobId: string };

/** The account has less OPG than the order takes. */
export class NotEnoughOpgError extends Error {
  readonly fix = "Get more OPG: on a test network the account page has a faucet. Or lower the price.";

  constructor(has: bigint, needs: bigint) {
    super(`The order takes ${formatOpg(needs)} OPG out of the account, which has ${formatOpg(has)} OPG.`);
    this.name = "NotEnoughOpgError";
  }
}

/** The order takes more now than it did when it was shown: its model's owner or the network has changed a price. */
export class PriceRisenError extends Error {
  readonly fix = "Look at the price again, and order if it suits you still.";

  constructor(shown: bigint, now: bigint) {
    super(`The order takes ${formatOpg(now)} OPG now; ${formatOpg(shown)} OPG were shown. Nothing was sent.`);
    this.name = "PriceRisenError";
  }
}

/** What the wallet will be asked for. */
export type Payment = "balance" | "permit";

/** An order out of a balance is one transaction; else one signature brings what is missing, in the same transaction. */
export const paymentFor = (escrow: bigint, balance: bigint): Payment => (balance >= escrow ? "balance" : "permit");

/**
 * Orders out of the balance in the market, and brings what is missing there with a permit: one signature and one transaction,
 * and no approval stays behind.
 * @param shown The escrow that was shown: no more than that is paid.
 * @throws NotEnoughOpgError, PriceRisenError, and ProtocolError as `requestInference` and `requestOptimistic`.
 */
export function placeOrder(
  client: Client,
  chosen: ChosenTerms,
  tensors: readonly Tensor[],
  shown: bigint,
): Promise<Placed> {
  return chosen.market === "market"
    ? orderDrawn(client, chosen.terms, tensors, shown)
    : orderAlone(client, chosen.terms, tensors, shown);
}

async function orderDrawn(
  client: Client,
  chosen: OrderTerms,
  tensors: readonly Tensor[],
  shown: bigint,
): Promise<Placed> {
  const account = accountOf(client);
  const quote = await quoteOrder(client, { ...chosen, requester: account });
  if (quote.escrow > shown) throw new PriceRisenError(shown, quote.escrow);
  const terms = {
    ...chosen,
    collateralFactor: Math.max(chosen.collateralFactor, quote.leastCollateralFactor),
    maxRoyalty: quote.royalty,
    ...(quote.windowPeriod > 0 && { windowPeriod: quote.windowPeriod }),
    input: { tensors },
  };
  const { balance } = await getBalance(client, { account });
  if (paymentFor(quote.escrow, balance) === "balance") return requestInference(client, terms);
  const permit = await permitFor(client, client.addresses.market, quote.escrow - balance);
  const order = requestInference.call(client.addresses, prepareOrder(account, terms));
  const mined = await batchMarket(client, { calls: paidCalls(client.addresses, "market", permit, order) });
  return { ...mined, ...requestInference.result(mined) };
}

async function orderAlone(
  client: Client,
  chosen: OptimisticTerms,
  tensors: readonly Tensor[],
  shown: bigint,
): Promise<Placed> {
  const account = accountOf(client);
  const quote = await quoteOptimistic(client, { ...chosen, requester: account });
  if (quote.escrow > shown) throw new PriceRisenError(shown, quote.escrow);
  const terms = { ...chosen, maxRoyalty: quote.royalty, input: { tensors } };
  const { balance } = await getOptimisticBalance(client, { account });
  if (paymentFor(quote.escrow, balance) === "balance") return requestOptimistic(client, terms);
  const permit = await permitFor(client, client.addresses.optimistic, quote.escrow - balance);
  const order = requestOptimistic.call(client.addresses, prepareOptimisticOrder(account, terms));
  const mined = await batchOptimistic(client, { calls: paidCalls(client.addresses, "optimistic", permit, order) });
  return { ...mined, ...requestOptimistic.result(mined) };
}

/** The calls of one transaction: what the permit allows is deposited, then the order is placed out of it. */
export function paidCalls(
  addresses: Addresses,
  market: ChosenTerms["market"],
  { owner: account, amount, deadline, signature }: Permit,
  order: Call,
): readonly [deposit: Call, order: Call] {
  const deposit = market === "market" ? depositWithPermit : depositOptimisticWithPermit;
  return [deposit.call(addresses, { account, amount, deadline, signature }), order];
}

/** The wallet is asked only for what can work. */
async function permitFor(client: Client, spender: string, amount: bigint): Promise<Permit> {
  const has = await client.token.balanceOf(accountOf(client));
  if (has < amount) throw new NotEnoughOpgError(has, amount);
  return signPermit(client, { spender, amount });
}

function accountOf({ account }: Client): string {
  if (account === undefined) throw new TypeError("A client without an account cannot order.");
  return account;
}
