/** How an operator of the demonstrations registers a node. */
import { registerNode, signConsent, transferTokens, type Client } from "@opg-protocol/sdk";
import type { HDNodeWallet } from "ethers";

import { clientOf, type Place } from "./chain.ts";

/** What a node begins with. */
export interface Beginning {
  /** OPG, base units. */
  readonly stake: bigint;
  /** Its hot key. */
  readonly signer: HDNodeWallet;
  /** What it keeps of what its delegators' stake earns. */
  readonly commissionBps: number;
  /** Where it serves outputs. */
  readonly url: string;
}

/**
 * Registers a node with own stake and a hot key that agrees to it.
 * @param treasurer Who has OPG to give.
 * @returns What its owner acts with.
 */
export async function register(
  place: Place,
  treasurer: Client,
  owner: HDNodeWallet,
  { stake, signer, commissionBps, url }: Beginning,
): Promise<Client> {
  const { address: node } = owner;
  await transferTokens(treasurer, { to: node, amount: stake });
  const client = await clientOf(place, owner);
  const consent = await signConsent(client, { node, signer });
  await registerNode(client, { ownStake: stake, signer: signer.address, consent, commissionBps, metadataURI: url });
  return client;
}
