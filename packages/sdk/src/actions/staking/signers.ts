import type { Signer } from "ethers";

import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn } from "../../events.ts";
import { action } from "../action.ts";
import type { NodeParameters } from "./nodes.ts";

const { staking } = interfaces;

const TYPES = {
  SignerConsent: [
    { name: "node", type: "address" },
    { name: "signer", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
};

/** Whether an account owns a node, or signs for it: only such accounts act in its name. */
export const isOperator = (
  client: Client,
  { node, account }: NodeParameters & { readonly account: string },
): Promise<boolean> => explained(client.staking.isOperator(node, account));

/** Parameters of {@link signConsent}. */
export interface SignConsentParameters extends NodeParameters {
  /** The hot key itself. */
  readonly signer: Signer;
}

/** The signature with which a hot key agrees to act for a node. Sends nothing. */
export async function signConsent(client: Client, { node, signer: key }: SignConsentParameters): Promise<string> {
  const signer = await key.getAddress();
  const nonce = await explained(client.staking.nonces(signer));
  const { chainId } = client;
  const domain = { name: "OPG NodeStaking", version: "1", chainId, verifyingContract: client.addresses.staking };
  return key.signTypedData(domain, TYPES, { node, signer, nonce });
}

/** Parameters of {@link proposeSigner}. */
export interface ProposeSignerParameters extends NodeParameters {
  /** The new hot key's address. */
  readonly signer: string;
  /** What `signConsent` gives. */
  readonly consent: string;
}

/**
 * Announces another signer, and gives from when on it can be activated (unix seconds). Only for the node's owner.
 * @throws ProtocolError `StakingNotNodeOwner`, `StakingBadConsent`, `StakingSignerTaken`.
 */
export const proposeSigner = action(
  "staking",
  ({ node, signer, consent }: ProposeSignerParameters) =>
    staking.encodeFunctionData("proposeSigner", [node, signer, consent]),
  { result: (mined) => ({ effectiveAt: Number(eventIn(mined, "SignerProposed").args.effectiveAt) }) },
);

/**
 * Puts the announced signer in place of the present one, once the rotation period is over. Anyone may.
 * @throws ProtocolError `StakingSignerNotDue`.
 */
export const activateSigner = action("staking", ({ node }: NodeParameters) =>
  staking.encodeFunctionData("activateSigner", [node]),
);

/**
 * Takes the present signer's power at once, and drops an announced one. Only for the node's owner.
 * @throws ProtocolError `StakingNotNodeOwner`.
 */
export const revokeSigner = action("staking", ({ node }: NodeParameters) =>
  staking.encodeFunctionData("revokeSigner", [node]),
);
