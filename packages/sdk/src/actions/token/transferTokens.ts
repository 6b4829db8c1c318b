import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";

export interface TransferTokensParameters {
  readonly to: string;
  /** OPG, base units. */
  readonly amount: bigint;
}

/**
 * Sends OPG to another account.
 * @throws ProtocolError `ERC20InsufficientBalance`, `ERC20InvalidReceiver`.
 */
export function transferTokens(client: Client, { to, amount }: TransferTokensParameters): Promise<Sent> {
  return send(client, () => client.token.transfer(to, amount));
}
