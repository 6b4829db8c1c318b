import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn } from "../../events.ts";
import { action } from "../action.ts";
import type { NodeParameters } from "./nodes.ts";
import type { StakeParameters, ThawParameters } from "./ownStake.ts";
import { withAllowance } from "./withAllowance.ts";

const { staking } = interfaces;

/** Parameters of {@link getDelegation}. */
export interface GetDelegationParameters extends NodeParameters {
  readonly delegator: string;
}

/** What a delegator has in a node. */
export interface Delegation {
  /** Of the delegated pool. */
  readonly shares: bigint;
  /** What they are worth now, OPG, base units, rounded down. */
  readonly amount: bigint;
}

/** What a delegator has in a node; all zero if nothing. */
export async function getDelegation(client: Client, parameters: GetDelegationParameters): Promise<Delegation> {
  const { node, delegator } = parameters;
  const { shares, amount } = await explained(client.staking.delegationOf(node, delegator));
  return { shares, amount };
}

/** Parameters of {@link delegateStake}. */
export interface DelegateStakeParameters extends StakeParameters {
  /** Fails if the pool gives fewer; by default any number will do. */
  readonly leastShares?: bigint;
}

/**
 * Adds stake of the client's account to a node's delegated pool, and gives the shares. Approves exactly what is needed
 * first if the allowance is short.
 * @throws ProtocolError `StakingUnknownNode`, `StakingAmountTooSmall`, `StakingDelegationCeiling`, `StakingSlippage`,
 * `ERC20InsufficientBalance`.
 */
export const delegateStake = action(
  "staking",
  ({ node, amount, leastShares = 0n }: DelegateStakeParameters) =>
    staking.encodeFunctionData("delegate", [node, amount, leastShares]),
  {
    prepare: (client: Client, given: DelegateStakeParameters) => withAllowance(client, given),
    result: (mined) => ({ shares: eventIn(mined, "Delegated").args.shares }),
  },
);

/** Parameters of {@link undelegateStake}. */
export interface UndelegateStakeParameters extends NodeParameters {
  /** Of the delegated pool. */
  readonly shares: bigint;
  /** Fails if they are worth less (OPG, base units); by default any amount will do. */
  readonly leastAmount?: bigint;
}

/**
 * Begins to take stake of the client's account out of a node's delegated pool; gives the id of the thaw, its amount (OPG,
 * base units) and its end (unix seconds).
 * @throws ProtocolError `StakingAmountTooSmall`, `StakingInsufficient`, `StakingSlippage`.
 */
export const undelegateStake = action(
  "staking",
  ({ node, shares, leastAmount = 0n }: UndelegateStakeParameters) =>
    staking.encodeFunctionData("undelegate", [node, shares, leastAmount]),
  {
    result: (mined) => {
      const { thawId, amount, endsAt } = eventIn(mined, "DelegationThawing").args;
      return { thawId, amount, endsAt: Number(endsAt) };
    },
  },
);

/** Parameters of {@link cancelUndelegate}. */
export interface CancelUndelegateParameters extends ThawParameters {
  /** Fails if the pool gives fewer; by default any number will do. */
  readonly leastShares?: bigint;
}

/**
 * Bonds thawing delegated stake of the client's account again; gives the amount (OPG, base units) and the shares.
 * @throws ProtocolError `StakingUnknownThaw`, `StakingSlippage`.
 */
export const cancelUndelegate = action(
  "staking",
  ({ node, thawId, leastShares = 0n }: CancelUndelegateParameters) =>
    staking.encodeFunctionData("cancelUndelegate", [node, thawId, leastShares]),
  {
    result: (mined) => {
      const { amount, shares } = eventIn(mined, "DelegationRebonded").args;
      return { amount, shares };
    },
  },
);

/**
 * Pays thawed delegated stake to the client's account, and says how much (OPG, base units).
 * @throws ProtocolError `StakingUnknownThaw`, `StakingStillThawing`.
 */
export const withdrawDelegation = action(
  "staking",
  ({ node, thawId }: ThawParameters) => staking.encodeFunctionData("withdrawDelegation", [node, thawId]),
  { result: (mined) => ({ amount: eventIn(mined, "DelegationWithdrawn").args.amount }) },
);
