import type { Client } from "../../client.ts";
import { explained } from "../../errors/ProtocolError.ts";

export interface GetBalanceParameters {
  readonly account: string;
}

/** What the market owes. OPG, base units. */
export interface Balance {
  /** The account can withdraw or order with it. */
  readonly balance: bigint;
  /** From this account's jobs, for the treasury. */
  readonly fees: bigint;
}

/** What the market owes an account, and for it. */
export async function getBalance({ market }: Client, { account }: GetBalanceParameters): Promise<Balance> {
  const { balance, fees } = await explained(market.accountOf(account));
  return { balance, fees };
}
