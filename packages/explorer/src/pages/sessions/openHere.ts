import {
  type Client,
  depositForSessionsWithPermit,
  getSessionBalance,
  type NodeOffer,
  SignerMissingError,
} from "@opg-protocol/sdk";

import { sameId } from "../../entities/sameId.ts";
import { placeOf } from "../../verify/places.ts";
import { type CallKey, signerOfKey } from "./callKey.ts";

/** What a user chooses of a session. */
export interface Opening {
  readonly versionId: string;
  readonly offer: NodeOffer;
  /** Base units of OPG. */
  readonly deposit: bigint;
  readonly key: CallKey;
}

/** The door of a node does not answer the page. */
export class DoorSilentError extends Error {
  readonly fix = "Choose another node, or open the session from a program.";

  constructor(endpoint: string, cause: unknown) {
    super(`The node at ${endpoint} does not answer this page: it is down, or does not let pages ask it.`, { cause });
    this.name = "DoorSilentError";
  }
}

/** Another node is at the door than the one whose offer was chosen. */
export class OtherNodeError extends Error {
  readonly fix = "Choose another node.";

  constructor(chosen: string, found: string) {
    super(`At the door of ${chosen} is ${found}, which is another node. Nothing was sent.`);
    this.name = "OtherNodeError";
  }
}

/**
 * Agrees with a node on a session, brings what the balance lacks with one signature, and opens it.
 * @returns the session's id.
 */
export async function openHere(client: Client, { versionId, offer, deposit, key }: Opening): Promise<string> {
  const { account } = client;
  if (account === undefined) throw new SignerMissingError();
  const { askOffer, openSession } = await import("@opg-protocol/sdk/session");
  const { endpoint: url, callPrice: mostPrice } = offer;
  // A node's operator names it: nobody's offer makes a visitor's browser speak with what is inside.
  placeOf(url, { origin: location.origin, ipfsGateway: undefined });
  // Before any money moves: does it answer?
  const door = await askOffer({ url, versionId }).catch((error: unknown) => {
    throw error instanceof TypeError ? new DoorSilentError(url, error) : error;
  });
  // What was shown is of the node that has named the door, and so must the session be.
  if (!sameId(door.node, offer.node)) throw new OtherNodeError(offer.node, door.node);
  const { balance } = await getSessionBalance(client, { account });
  if (balance < deposit) await depositForSessionsWithPermit(client, { amount: deposit - balance });
  const signer = signerOfKey(key);
  const session = await openSession(client, {
    versionId,
    url,
    // The door is asked again, and may have changed its mind.
    node: offer.node,
    deposit,
    mostPrice,
    ...(signer !== undefined && { key: signer }),
  });
  return session.id;
}
