import { ZeroAddress } from "ethers";

import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { NotFoundError } from "../../errors/faults.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn } from "../../events.ts";
import { action } from "../action.ts";
import type { NodeParameters } from "./nodes.ts";
import { withAllowance } from "./withAllowance.ts";

const { staking } = interfaces;

/** A node, and an amount that is staked, thawed or paid. */
export interface StakeParameters extends NodeParameters {
  /** OPG, base units. */
  readonly amount: bigint;
}

/**
 * Adds own stake to a node. Whoever adds it gives it to the node's owner. Approves exactly what is needed first if the
 * allowance is short.
 * @throws ProtocolError `StakingUnknownNode`, `StakingAmountTooSmall`, `ERC20InsufficientBalance`.
 */
export const addStake = action(
  "staking",
  ({ node, amount }: StakeParameters) => staking.encodeFunctionData("stake", [node, amount]),
  { prepare: (client: Client, given: StakeParameters) => withAllowance(client, given) },
);

/** Stake on its way out. */
export interface ThawParameters extends NodeParameters {
  /** As the action that began the thaw gave it. */
  readonly thawId: bigint;
}

/** Parameters of {@link getThaw}. */
export interface GetThawParameters extends ThawParameters {
  /** The delegator; by default the thaw is one of own stake. */
  readonly delegator?: string;
}

/** Stake on its way out. */
export interface Thaw {
  /** Unix seconds; from then on it can be withdrawn. */
  readonly endsAt: number;
  /** What it is worth now, OPG, base units, rounded down. */
  readonly amount: bigint;
}

/**
 * Reads a thaw.
 * @throws NotFoundError if there is none, or it was withdrawn or cancelled.
 */
export async function getThaw(client: Client, { node, thawId, delegator }: GetThawParameters): Promise<Thaw> {
  const { endsAt, amount } = await explained(client.staking.thawOf(node, delegator ?? ZeroAddress, thawId));
  if (endsAt === 0n) throw new NotFoundError("thaw", `${thawId.toString()} of ${delegator ?? node}`);
  return { endsAt: Number(endsAt), amount };
}

/**
 * Begins to take own stake out; gives the id of the thaw and its end (unix seconds). Only for the node's owner.
 * @throws ProtocolError `StakingNotNodeOwner`, `StakingAmountTooSmall`, `StakingInsufficient`, `StakingNotBacked`.
 */
export const thawStake = action(
  "staking",
  ({ node, amount }: StakeParameters) => staking.encodeFunctionData("thaw", [node, amount]),
  {
    result: (mined) => {
      const { thawId, endsAt } = eventIn(mined, "OwnStakeThawing").args;
      return { thawId, endsAt: Number(endsAt) };
    },
  },
);

/**
 * Bonds thawing own stake again, and says how much (OPG, base units). Only for the node's owner.
 * @throws ProtocolError `StakingNotNodeOwner`, `StakingUnknownThaw`.
 */
export const cancelThaw = action(
  "staking",
  ({ node, thawId }: ThawParameters) => staking.encodeFunctionData("cancelThaw", [node, thawId]),
  { result: (mined) => ({ amount: eventIn(mined, "OwnStakeRebonded").args.amount }) },
);

/**
 * Pays thawed own stake to the owner, and says how much (OPG, base units). Only for the node's owner.
 * @throws ProtocolError `StakingNotNodeOwner`, `StakingUnknownThaw`, `StakingStillThawing`, `StakingNotBacked`.
 */
export const withdrawStake = action(
  "staking",
  ({ node, thawId }: ThawParameters) => staking.encodeFunctionData("withdraw", [node, thawId]),
  { result: (mined) => ({ amount: eventIn(mined, "OwnStakeWithdrawn").args.amount }) },
);
