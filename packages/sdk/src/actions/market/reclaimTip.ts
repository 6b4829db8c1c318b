import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";
import type { JobParameters } from "./job.ts";

/**
 * Gives a requester its tip back when nobody could deliver for 30 days. Anyone may.
 * @throws ProtocolError `MarketNoTipToReclaim`, `MarketUnknownJob`.
 */
export function reclaimTip(client: Client, { job }: JobParameters): Promise<Sent> {
  return send(client, () => client.market.reclaimTip(job));
}
