import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";
import type { ServingParameters } from "./serveVersion.ts";

/**
 * Stops new seats at once and lets go of what no seat holds. Call it again when the last job is final. Only for the node's
 * signer or owner.
 * @throws ProtocolError `MarketNotOperator`.
 */
export function unserveVersion(client: Client, { node, versionId }: ServingParameters): Promise<Sent> {
  return send(client, () => client.market.unserve(node, versionId));
}
