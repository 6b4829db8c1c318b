import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";
import { getSeats, seatList } from "./getSeats.ts";
import type { SeatsParameters } from "./job.ts";

/**
 * Ends a job that has been answered: pays, slashes and refunds. Anyone may.
 * @throws ProtocolError `PolicyNotFinal`, `PolicyWrongSeats`, `CommitmentsNotSealed`, `MarketNotDue` if the job must
 * expire, `MarketWrongState` if it has ended, `MarketUnknownJob`.
 */
export async function settleJob(client: Client, { job, seats }: SeatsParameters): Promise<Sent> {
  const seated = [...(seats ?? seatList(await getSeats(client, { job })))];
  return send(client, () => client.market.settle(job, seated));
}
