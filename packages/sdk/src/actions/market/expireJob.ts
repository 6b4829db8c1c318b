import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";
import { getSeats, seatList } from "./getSeats.ts";
import type { SeatsParameters } from "./job.ts";

/**
 * Ends a job that found no seed or too few nodes: the requester gets everything back. Anyone may.
 * @throws ProtocolError `PolicyNotFinal`, `PolicyWrongSeats`, `CommitmentsNotSealed`, `MarketNotDue` if the job must be
 * settled, `MarketWrongState` if it has ended, `MarketUnknownJob`.
 */
export async function expireJob(client: Client, { job, seats }: SeatsParameters): Promise<Sent> {
  const seated = [...(seats ?? seatList(await getSeats(client, { job })))];
  return send(client, () => client.market.expire(job, seated));
}
