import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { eventIn } from "../../events.ts";
import { action } from "../action.ts";
import type { NodeParameters } from "./nodes.ts";
import type { StakeParameters } from "./ownStake.ts";
import { withAllowance } from "./withAllowance.ts";

const { staking } = interfaces;

/** Parameters of {@link proposeCommission}. */
export interface ProposeCommissionParameters extends NodeParameters {
  /** At most 5,000. */
  readonly commissionBps: number;
}

/**
 * Announces another commission, and gives from when on it holds (unix seconds). Only for the node's owner.
 * @throws ProtocolError `StakingNotNodeOwner`, `StakingCommissionTooHigh`.
 */
export const proposeCommission = action(
  "staking",
  ({ node, commissionBps }: ProposeCommissionParameters) =>
    staking.encodeFunctionData("proposeCommission", [node, commissionBps]),
  { result: (mined) => ({ effectiveAt: Number(eventIn(mined, "CommissionProposed").args.effectiveAt) }) },
);

/**
 * Pays a node out of the client's account: commission to its owner, the rest to its stake. Approves exactly what is needed
 * first if the allowance is short.
 * @throws ProtocolError `StakingUnknownNode`, `ERC20InsufficientBalance`.
 */
export const rewardNode = action(
  "staking",
  ({ node, amount }: StakeParameters) => staking.encodeFunctionData("reward", [node, amount]),
  {
    prepare: (client: Client, given: StakeParameters) => withAllowance(client, given),
    result: (mined) => {
      const { commission, own, delegated } = eventIn(mined, "NodeRewarded").args;
      return { commission, own, delegated };
    },
  },
);

/**
 * Pays the owner's commission out, and says how much (OPG, base units). Only for the node's owner.
 * @throws ProtocolError `StakingNotNodeOwner`.
 */
export const withdrawEarnings = action(
  "staking",
  ({ node }: NodeParameters) => staking.encodeFunctionData("withdrawEarnings", [node]),
  { result: (mined) => ({ amount: eventIn(mined, "EarningsWithdrawn").args.amount }) },
);
