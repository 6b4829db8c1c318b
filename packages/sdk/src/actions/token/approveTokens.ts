import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";

export interface ApproveTokensParameters {
  readonly spender: string;
  /** OPG, base units; replaces what was approved before. */
  readonly amount: bigint;
}

/** Lets `spender` take OPG of the client's account. */
export function approveTokens(client: Client, { spender, amount }: ApproveTokensParameters): Promise<Sent> {
  return send(client, () => client.token.approve(spender, amount));
}
