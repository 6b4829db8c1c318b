import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { action } from "../action.ts";

/** Governed numbers of staking. OPG in base units, periods in seconds. */
export interface StakingParameters {
  readonly leastOwnStake: bigint;
  readonly leastDelegation: bigint;
  /** Delegated stake that counts, per own stake. */
  readonly delegationRatio: number;
  readonly signerRotationPeriod: number;
  readonly commissionNoticePeriod: number;
}

/** The numbers that hold now, and how long stake thaws (seconds), which is fixed. */
export interface StakingTerms extends StakingParameters {
  readonly thawPeriod: number;
}

/** Reads the governed numbers of staking. */
export async function getStakingTerms({ staking }: Client): Promise<StakingTerms> {
  const [parameters, thawPeriod] = await explained(Promise.all([staking.parameters(), staking.THAW_PERIOD()]));
  return {
    leastOwnStake: parameters.leastOwnStake,
    leastDelegation: parameters.leastDelegation,
    delegationRatio: Number(parameters.delegationRatio),
    signerRotationPeriod: Number(parameters.signerRotationPeriod),
    commissionNoticePeriod: Number(parameters.commissionNoticePeriod),
    thawPeriod: Number(thawPeriod),
  };
}

/**
 * Sets the governed numbers of staking. Only for whom the access manager allows.
 * @throws ProtocolError `AccessManagedUnauthorized`, `StakingParameterOutOfBounds`.
 */
export const setStakingParameters = action("staking", (parameters: StakingParameters) =>
  interfaces.staking.encodeFunctionData("setParameters", [parameters]),
);
