import { ZeroAddress } from "ethers";

import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { NotFoundError } from "../../errors/faults.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn } from "../../events.ts";
import { action } from "../action.ts";
import { ensureAllowance } from "../token/tokens.ts";

const { staking } = interfaces;

/** A node, named by the address that registered it. */
export interface NodeParameters {
  readonly node: string;
}

/** A change that holds, or can be made, from a time on (unix seconds). */
export interface Pending<Value> {
  readonly value: Value;
  readonly effectiveAt: number;
}

/** What staking knows of a node. OPG in base units. */
export interface StakingNode {
  readonly node: string;
  readonly owner: string;
  /** To whom the node is offered. */
  readonly nextOwner: string | undefined;
  /** Undefined after it was revoked. */
  readonly signer: string | undefined;
  readonly nextSigner: Pending<string> | undefined;
  /** Part of all rewards that goes to the owner first. */
  readonly commissionBps: number;
  readonly nextCommissionBps: Pending<number> | undefined;
  readonly metadataURI: string;
  /** Own stake, and what of it thaws. */
  readonly ownBonded: bigint;
  readonly ownThawing: bigint;
  /** Delegated stake, and what of it thaws. */
  readonly delegatedBonded: bigint;
  readonly delegatedThawing: bigint;
  /** What weighs in draws and can be locked. */
  readonly backing: bigint;
  readonly locked: bigint;
  /** Commission that the owner can withdraw. */
  readonly earnings: bigint;
}

/**
 * Reads a node.
 * @throws NotFoundError if nobody has registered it.
 */
export async function getNode(client: Client, { node }: NodeParameters): Promise<StakingNode> {
  const { staking: contract } = client;
  const [owners, signers, commission, metadataURI, own, delegated, backing, locked, earnings] = await explained(
    Promise.all([
      contract.ownerOf(node),
      contract.signerOf(node),
      contract.commissionOf(node),
      contract.metadataURIOf(node),
      contract.ownStakeOf(node),
      contract.delegatedStakeOf(node),
      contract.backingOf(node),
      contract.lockedOf(node),
      contract.earningsOf(node),
    ]),
  );
  if (owners.owner === ZeroAddress) throw new NotFoundError("node", node);
  return {
    node,
    owner: owners.owner,
    nextOwner: nonZero(owners.nextOwner),
    signer: nonZero(signers.signer),
    nextSigner: pending(signers.nextSigner, signers.nextAt),
    commissionBps: Number(commission.currentBps),
    nextCommissionBps: pending(Number(commission.nextBps), commission.nextAt),
    metadataURI,
    ownBonded: own.bonded,
    ownThawing: own.thawing.assets,
    delegatedBonded: delegated.bonded.assets,
    delegatedThawing: delegated.thawing.assets,
    backing,
    locked,
    earnings,
  };
}

const nonZero = (address: string): string | undefined => (address === ZeroAddress ? undefined : address);

function pending<Value>(value: Value, nextAt: bigint): Pending<Value> | undefined {
  return nextAt === 0n ? undefined : { value, effectiveAt: Number(nextAt) };
}

/** Parameters of {@link registerNode}. */
export interface RegisterNodeParameters {
  /** OPG, base units; at least the least own stake. */
  readonly ownStake: bigint;
  /** The hot key that will act for the node. */
  readonly signer: string;
  /** What `signConsent` gives for the client's account as node. */
  readonly consent: string;
  /** Part of all rewards that goes to the owner first, at most 5,000. */
  readonly commissionBps: number;
  /** Where the node describes itself. */
  readonly metadataURI: string;
}

/**
 * Registers the client's account as a node and stakes for it. Approves exactly what is needed first if the allowance is
 * short.
 * @throws ProtocolError `StakingNodeExists`, `StakingBadConsent`, `StakingSignerTaken`, `StakingOwnStakeTooSmall`,
 * `StakingCommissionTooHigh`, `ERC20InsufficientBalance`.
 */
export const registerNode = action(
  "staking",
  ({ ownStake, signer, consent, commissionBps, metadataURI }: RegisterNodeParameters) =>
    staking.encodeFunctionData("register", [ownStake, signer, consent, commissionBps, metadataURI]),
  {
    prepare: async (client: Client, given: RegisterNodeParameters) => {
      await ensureAllowance(client, { spender: client.addresses.staking, amount: given.ownStake });
      return given;
    },
    result: (mined) => ({ node: eventIn(mined, "NodeRegistered").args.node }),
  },
);

/** Parameters of {@link setNodeMetadata}. */
export interface SetNodeMetadataParameters extends NodeParameters {
  /** Where the node describes itself. */
  readonly metadataURI: string;
}

/**
 * Moves a node's description. Only for its owner.
 * @throws ProtocolError `StakingNotNodeOwner`.
 */
export const setNodeMetadata = action("staking", ({ node, metadataURI }: SetNodeMetadataParameters) =>
  staking.encodeFunctionData("setMetadataURI", [node, metadataURI]),
);

/** Parameters of {@link proposeNodeOwner}. */
export interface ProposeNodeOwnerParameters extends NodeParameters {
  /** Who may accept; by default nobody, which withdraws an offer. */
  readonly nextOwner?: string;
}

/**
 * Offers a node to another owner, who must accept it. Only for its owner.
 * @throws ProtocolError `StakingNotNodeOwner`.
 */
export const proposeNodeOwner = action("staking", ({ node, nextOwner }: ProposeNodeOwnerParameters) =>
  staking.encodeFunctionData("proposeOwner", [node, nextOwner ?? ZeroAddress]),
);

/**
 * Takes over a node: its own stake, what of it thaws, and its earnings from now on.
 * @throws ProtocolError `StakingNotNextOwner`.
 */
export const acceptNode = action("staking", ({ node }: NodeParameters) =>
  staking.encodeFunctionData("acceptOwnership", [node]),
);
