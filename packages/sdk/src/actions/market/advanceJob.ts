import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";
import { getSeats, seatList } from "./getSeats.ts";
import type { SeatsParameters } from "./job.ts";

/**
 * Takes a job one step on without ending it: records its first seed, fixes the block of the next one, or begins an audit
 * or an appeal. Anyone may.
 * @throws ProtocolError `MarketNotDue`, `MarketSealingNotOpen`, `MarketSeedMissed`, `MarketWrongState`,
 * `PolicyWrongSeats`, `CommitmentsNotSealed`, `MarketUnknownJob`.
 */
export async function advanceJob(client: Client, { job, seats }: SeatsParameters): Promise<Sent> {
  const seated = [...(seats ?? seatList(await getSeats(client, { job })))];
  return send(client, () => client.market.advance(job, seated));
}
