import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";
import type { ServingParameters } from "./serveVersion.ts";

/** Lowers a node's weight to what its stake backs by now; does nothing if that is enough. Anyone may. */
export function refreshServing(client: Client, { node, versionId }: ServingParameters): Promise<Sent> {
  return send(client, () => client.market.refreshServing(node, versionId));
}
