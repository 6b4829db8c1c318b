import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";
import type { JobParameters } from "./job.ts";

/**
 * Takes an order back, while the seed of its draw cannot be known: about two blocks. Only for its requester.
 * @throws ProtocolError `MarketNotRequester`, `MarketWrongState`, `MarketTooLateToCancel`, `MarketUnknownJob`.
 */
export function cancelJob(client: Client, { job }: JobParameters): Promise<Sent> {
  return send(client, () => client.market.cancel(job));
}
