import { ZeroAddress } from "ethers";

import { chainTime } from "../../chainTime.ts";
import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { findEvents } from "../../logs.ts";
import { action } from "../action.ts";
import type { ServingParameters } from "../market/serving.ts";

const { prices } = interfaces;

/** Nodes of one request: each costs a node of the chain some reads. */
const NODES_AT_ONCE = 100;

/** What a node asks for calls of a version. */
export interface PriceOffer {
  /** OPG for one call, base units; zero if the node takes none. */
  readonly callPrice: bigint;
  /** OPG that it lets answer for one session at this price, base units. */
  readonly collateral: bigint;
  /** Base URL of its door; what an operator has written there. */
  readonly endpoint: string;
}

/** What the book says that a node asks for calls of a version; zero throughout if it says nothing. */
export async function getPriceOffer(client: Client, { node, versionId }: ServingParameters): Promise<PriceOffer> {
  const { callPrice, collateral, endpoint } = await explained(client.prices.offerOf(node, versionId));
  return { callPrice, collateral, endpoint };
}

/** Parameters of {@link offerPrice}. */
export interface OfferPriceParameters extends ServingParameters, PriceOffer {}

/**
 * Says what a node asks for calls of a version, in place of what it asked before. Only for its signer or owner.
 * @throws ProtocolError `PricesNotOperator`, `PricesEndpointTooLong`.
 */
export const offerPrice = action(
  "prices",
  ({ node, versionId, callPrice, collateral, endpoint }: OfferPriceParameters) =>
    prices.encodeFunctionData("offer", [node, versionId, { callPrice, collateral, endpoint }]),
);

/** What a node asks for calls of a version, and whether it can take a session now. Amounts in base units of OPG. */
export interface NodeOffer extends PriceOffer {
  readonly node: string;
  /** What a session at this price needs at least. */
  readonly leastCollateral: bigint;
  /** Of its lock, what no session holds. */
  readonly free: bigint;
  /** No session can end later, by its lock; unix seconds. */
  readonly latestEnd: number;
  /** Who consents; the zero address if nobody does. */
  readonly signer: string;
  /** Its locks do not exceed its stake. */
  readonly covered: boolean;
}

/** Parameters of {@link getOffers}. */
export interface GetOffersParameters {
  readonly versionId: string;
  readonly nodes: readonly string[];
}

/** What some nodes offer for calls of a version, in the order in which they are named. */
export async function getOffers(client: Client, { versionId, nodes }: GetOffersParameters): Promise<NodeOffer[]> {
  const offers: NodeOffer[] = [];
  for (let i = 0; i < nodes.length; i += NODES_AT_ONCE) {
    const some = nodes.slice(i, i + NODES_AT_ONCE);
    const found = await explained(client.sessionLens.offersOf(versionId, some));
    for (const { node, price, leastCollateral, free, latestEnd, signer, covered } of found) {
      const { callPrice, collateral, endpoint } = price;
      const rest = { leastCollateral, free, latestEnd: Number(latestEnd), signer, covered };
      offers.push({ node, callPrice, collateral, endpoint, ...rest });
    }
  }
  return offers;
}

/** Parameters of {@link findOffers}. */
export interface FindOffersParameters {
  readonly versionId: string;
  /** By default that of the deployment. */
  readonly fromBlock?: number;
}

/**
 * All nodes that offer calls of a version and can take a session now, the cheapest first. Found in the events of the book of
 * prices: nobody has to be asked.
 * @throws NoBlockError.
 */
export async function findOffers(
  client: Client,
  { versionId, fromBlock = client.startBlock }: FindOffersParameters,
): Promise<NodeOffer[]> {
  const events = await findEvents(client, "prices", "PriceOffered", [null, versionId], fromBlock);
  const nodes = [...new Set(events.map(({ args }) => args.node))];
  const offers = await getOffers(client, { versionId, nodes });
  const now = await chainTime(client);
  return offers.filter((offer) => isReady(offer, now)).sort((a, b) => Number(a.callPrice - b.callPrice));
}

function isReady(offer: NodeOffer, now: number): boolean {
  const { callPrice, collateral, leastCollateral, free, latestEnd, signer, covered, endpoint } = offer;
  const isOffered = callPrice > 0n && endpoint !== "" && collateral >= leastCollateral;
  return isOffered && free >= leastCollateral && latestEnd > now && signer !== ZeroAddress && covered;
}
