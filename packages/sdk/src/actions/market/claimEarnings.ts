import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";
import type { ServingParameters } from "./serveVersion.ts";

/** Moves what a node has earned with a version into its stake. Anyone may. */
export function claimEarnings(client: Client, { node, versionId }: ServingParameters): Promise<Sent> {
  return send(client, () => client.market.claim(node, versionId));
}
