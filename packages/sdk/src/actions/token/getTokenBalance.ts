import type { Client } from "../../client.ts";
import { explained } from "../../errors/ProtocolError.ts";

export interface GetTokenBalanceParameters {
  readonly account: string;
}

/** OPG in an account's own hands, base units; what the market owes it comes from `getBalance`. */
export function getTokenBalance(client: Client, { account }: GetTokenBalanceParameters): Promise<bigint> {
  return explained(client.token.balanceOf(account));
}
