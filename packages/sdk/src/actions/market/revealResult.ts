import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";
import type { CommitResultParameters } from "./commitResult.ts";
import { roundIdOf, runningAttempt } from "./getRound.ts";

/**
 * Shows what a node has sealed in the running draw. Anyone who knows the salt may.
 * @throws ProtocolError `CommitmentsRevealTooEarly`, `CommitmentsRevealTooLate`, `CommitmentsNothingSealed`,
 * `CommitmentsMismatch`, `CommitmentsZeroReveal`.
 */
export async function revealResult(client: Client, parameters: CommitResultParameters): Promise<Sent> {
  const { job, node, outputRoot, salt } = parameters;
  const roundId = roundIdOf(client, job, await runningAttempt(client, job));
  return send(client, () => client.commitments.reveal(roundId, node, outputRoot, salt));
}
