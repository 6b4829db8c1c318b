import type { Client } from "../../client.ts";
import { encodeOrder } from "../../codecs/encodedOrder.ts";
import {
  linkId,
  type LinkedOutput,
  type LinkState,
  type LinkTerms,
  packLink,
  packLinkedOutput,
  type PackedLink,
} from "../../codecs/link.ts";
import { interfaces } from "../../contracts.ts";
import { type CreatedLink, createdLink } from "../../entities/createdLink.ts";
import { followedLink } from "../../entities/followedLink.ts";
import { NotFoundError } from "../../errors/faults.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn } from "../../events.ts";
import { findLastEvent } from "../../logs.ts";
import { action } from "../action.ts";
import { signerOf } from "../send.ts";

const { jobChain } = interfaces;

/** Parameters of {@link createLink}. */
export interface CreateLinkParameters extends Omit<LinkTerms, "owner" | "source"> {
  /** In which market the first job is. */
  readonly source: "market" | "optimistic";
  /** What is ordered next, as `packOrder` or `packOptimisticOrder` gives it for the client's account, with any input root. */
  readonly order: CreatedLink["order"];
}

/** A link as its calls take it. */
export interface PreparedLink {
  readonly link: PackedLink;
  /** `abi.encode` of the order, hex. */
  readonly order: string;
}

/** Puts a link together. Pure. */
export function prepareLink(
  { addresses }: Pick<Client, "addresses">,
  owner: string,
  { order, source, ...terms }: CreateLinkParameters,
): PreparedLink {
  return { link: packLink({ ...terms, owner, source: addresses[source] }, order), order: encodeOrder(order) };
}

/** The id of a link of the client's deployment. A link that waits for what this one orders names it as its `first`. */
export const linkIdOf = ({ chainId, addresses }: Pick<Client, "chainId" | "addresses">, link: PackedLink): string =>
  linkId(chainId, addresses.jobChain, link);

/**
 * Lets an order of the client's account wait for the output of another job. That account's balance in the order's market pays;
 * let `jobChain` use it with `allow` of Mandates.
 * @throws ProtocolError `ChainUnknownMarket`, `ChainWrongRequester`, `ChainExpired`, `ChainLinkExists`; FieldOverflowError.
 */
export const createLink = action(
  "jobChain",
  ({ link, order }: PreparedLink) => jobChain.encodeFunctionData("create", [link, order]),
  {
    prepare: (client: Client, parameters: CreateLinkParameters) =>
      Promise.resolve(prepareLink(client, signerOf(client).account, parameters)),
    result: (mined) => createdLink(eventIn(mined, "LinkCreated")),
  },
);

/** Parameters of {@link followLink}. `getLink` gives the link and its order for an id. */
export interface FollowLinkParameters extends Pick<CreatedLink, "packed" | "order"> {
  /** What the first job ended with. */
  readonly output: LinkedOutput;
  /** The output, as `encodePayload` has it, hex; the owner may give a URI of it, as `encodeInputURI` has that. */
  readonly input: string;
}

/**
 * Orders the next job on the output of the first one, and earns the reward in the market's ledger. Anyone may. Whatever keeps
 * the order from being placed reverts it, so simulate it before sending: `call` and `eth_call`.
 * @throws ProtocolError `ChainWrongState`, `ChainExpired`, `ChainWrongOutput`, `ChainInputNotInPlace`, `ChainWrongInput`,
 * `ChainCostTooHigh`, `MandateCapTooLow`, `PayloadNotCanonical`; and as the order of its market.
 */
export const followLink = action(
  "jobChain",
  ({ packed, order, output, input }: FollowLinkParameters) =>
    jobChain.encodeFunctionData("follow", [packed, packLinkedOutput(output), encodeOrder(order), input]),
  { result: (mined) => followedLink(eventIn(mined, "LinkFollowed")) },
);

/** What calls on a link take: the link as its creation made it. */
export interface LinkParameters {
  readonly link: PackedLink;
}

/**
 * Ends a link that waits. Its first job goes on.
 * @throws ProtocolError `ChainNotOwner`, `ChainWrongState`.
 */
export const cancelLink = action("jobChain", ({ link }: LinkParameters) =>
  jobChain.encodeFunctionData("cancel", [link]),
);

/** Parameters of {@link getLinkState} and {@link getLink}. */
export interface LinkIdParameters {
  readonly linkId: string;
}

/** Where a link stands. */
export interface LinkStatus {
  /** One that has expired still waits. */
  readonly state: LinkState;
  /** What it has ordered; zero before. */
  readonly jobId: string;
}

/** Where a link stands, and what it has ordered. */
export async function getLinkState(client: Client, { linkId: id }: LinkIdParameters): Promise<LinkStatus> {
  const { state, jobId } = await explained(client.jobChain.stateOf(id));
  return { state: Number(state) as LinkState, jobId };
}

/**
 * Finds a link by its id, in the log of its creation.
 * @throws NotFoundError if there is no such link.
 */
export async function getLink(client: Client, { linkId: id }: LinkIdParameters): Promise<CreatedLink> {
  const event = await findLastEvent(client, "jobChain", "LinkCreated", [id], client.startBlock);
  if (event === undefined) throw new NotFoundError("link", id);
  return createdLink(event);
}
