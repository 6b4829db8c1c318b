import type { Client } from "../../client.ts";
import { send, type Sent, signerOf } from "../../send.ts";
import { ensureAllowance } from "../token/ensureAllowance.ts";

export interface DepositParameters {
  /** OPG, base units. */
  readonly amount: bigint;
  /** Whose balance; by default that of the client's account. */
  readonly account?: string;
}

/**
 * Adds OPG of the client's account to a balance in the market. Approves exactly what is needed first if the allowance
 * is short.
 * @throws ProtocolError `ERC20InsufficientBalance`, `MarketZeroAccount`.
 */
export async function deposit(client: Client, { amount, account }: DepositParameters): Promise<Sent> {
  const beneficiary = account ?? signerOf(client).account;
  await ensureAllowance(client, { spender: client.addresses.market, amount });
  return send(client, () => client.market.deposit(beneficiary, amount));
}
