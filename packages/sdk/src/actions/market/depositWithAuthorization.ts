import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";
import type { DepositAuthorization } from "./signDepositAuthorization.ts";

/**
 * Sends a deposit that `signDepositAuthorization` made. Anyone may.
 * @throws ProtocolError `ERC3009UsedAuthorization`, `ERC3009InvalidAuthorizationTime`, `ERC3009InvalidSignature`,
 * `ERC20InsufficientBalance`.
 */
export function depositWithAuthorization(client: Client, signed: DepositAuthorization): Promise<Sent> {
  const { account, from, salt, payment } = signed;
  return send(client, () => client.market.depositWithAuthorization(account, from, salt, payment));
}
