/** What is there before anybody lies: a model that can be judged, a node with stake, and people with OPG. */
import {
  authoriseConsumer,
  chainTime,
  depositOptimistic,
  serveOptimistic,
  transferTokens,
  type Client,
} from "@opg-protocol/sdk";
import { parseEther } from "ethers";

import { clientOf, type Place } from "../chain.ts";
import { publishDigits } from "../model.ts";
import { register } from "../register.ts";
import { parties, roles } from "../roles.ts";

const STAKE = parseEther("1000");
/** The most that the node lets answer for this version. */
const MOST_LOCK = parseEther("500");
const LOCK_PERIOD = 3_600;
/** What requester and watcher have at first; a bond is worth ten times the gas that the longest answer costs. */
const PURSE = parseEther("20");
const WATCHERS_PURSE = parseEther("1000");

/** Everybody's client of the same deployment. */
export interface Cast {
  readonly requester: Client;
  /** With the hot key. */
  readonly node: Client;
  readonly watcher: Client;
  readonly passerBy: Client;
  readonly versionId: string;
}

/** What people call the accounts. */
export const NAMES: ReadonlyMap<string, string> = new Map([
  [parties.owner.address, "Node"],
  [parties.signer.address, "Node"],
  [parties.watcher.address, "Watcher"],
  [parties.passerBy.address, "Passer-by"],
  [roles.requester.address, "Requester"],
]);

/**
 * Releases the model with its graph root, and registers a node that answers for it by itself.
 * @param folder for the model's metadata.
 */
export async function prepare(place: Place, folder: string): Promise<Cast> {
  const as = (account: typeof parties.owner): Promise<Client> => clientOf(place, account);
  const [treasurer, publisher] = [await as(roles.deployer), await as(roles.publisher)];
  const { versionId } = await publishDigits(publisher, { folder }, true);

  const beginning = { stake: STAKE, signer: parties.signer, commissionBps: 0, url: "" };
  const owner = await register(place, treasurer, parties.owner, beginning);
  const node = await as(parties.signer);
  const { address } = parties.owner;
  await authoriseConsumer(owner, { node: address, consumer: owner.addresses.optimistic, cap: MOST_LOCK });
  const endsAt = (await chainTime(place)) + LOCK_PERIOD;
  await serveOptimistic(node, { node: address, versionId, maxLock: MOST_LOCK, endsAt });

  const [requester, watcher] = [await as(roles.requester), await as(parties.watcher)];
  await transferTokens(treasurer, { to: roles.requester.address, amount: PURSE });
  await transferTokens(treasurer, { to: parties.watcher.address, amount: WATCHERS_PURSE });
  await depositOptimistic(requester, { amount: PURSE });
  return { requester, node, watcher, passerBy: await as(parties.passerBy), versionId };
}
