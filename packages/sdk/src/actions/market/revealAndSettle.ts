import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";
import type { CommitResultParameters } from "./commitResult.ts";
import { getSeats, seatList } from "./getSeats.ts";
import type { SeatsParameters } from "./job.ts";

export type RevealAndSettleParameters = CommitResultParameters & SeatsParameters;

/**
 * Reveals as the last one of a draw and ends the job in the same transaction. Anyone who knows the salt may.
 * @throws ProtocolError as `revealResult`, and `PolicyNotFinal` if others have yet to reveal, or an audit or appeal may
 * follow; then call `revealResult`.
 */
export async function revealAndSettle(client: Client, parameters: RevealAndSettleParameters): Promise<Sent> {
  const { job, node, outputRoot, salt } = parameters;
  const seats = [...(parameters.seats ?? seatList(await getSeats(client, { job })))];
  return send(client, () => client.market.revealAndSettle(job, node, outputRoot, salt, seats));
}
