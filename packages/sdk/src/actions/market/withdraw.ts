import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";

export interface WithdrawParameters {
  /** OPG, base units. */
  readonly amount: bigint;
  /** Who is paid; by default the client's account. */
  readonly to?: string;
}

/**
 * Pays OPG out of the balance of the client's account.
 * @throws ProtocolError `MarketInsufficientBalance`, `MarketZeroAccount`.
 */
export function withdraw(client: Client, { amount, to }: WithdrawParameters): Promise<Sent> {
  return send(client, (account) => client.market.withdraw(to ?? account, amount));
}
