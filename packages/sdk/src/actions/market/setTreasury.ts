import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";

export interface SetTreasuryParameters {
  readonly account: string;
}

/**
 * Sets where fees go that are not collected yet, and later ones. Only for whom the access manager allows.
 * @throws ProtocolError `AccessManagedUnauthorized`, `MarketZeroAccount`.
 */
export function setTreasury(client: Client, { account }: SetTreasuryParameters): Promise<Sent> {
  return send(client, () => client.market.setTreasury(account));
}
