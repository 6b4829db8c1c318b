import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";

export interface CollectFeesParameters {
  /** Requesters of settled jobs. */
  readonly accounts: readonly string[];
}

/** Pays the treasury's part of accounts' jobs out. Anyone may. */
export function collectFees(client: Client, { accounts }: CollectFeesParameters): Promise<Sent> {
  return send(client, () => client.market.collectFees([...accounts]));
}
