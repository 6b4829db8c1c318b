import type { Client } from "@opg-protocol/sdk";

import type { DeploymentLimits } from "../../entities/parameterRules.ts";

/** What the deployment has fixed for good. */
export async function readLimits(client: Client): Promise<DeploymentLimits> {
  const { policy, disputes, optimisticPolicy, staking, timelock, governor } = client;
  const [moneyClockFloor, leastSealPeriod, leastWindowPeriod, seedDelayPeriod, seedPeriod, thawPeriod, ...control] =
    await Promise.all([
      policy.MONEY_CLOCK_FLOOR(),
      policy.LEAST_SEAL_PERIOD(),
      disputes.LEAST_WINDOW_PERIOD(),
      optimisticPolicy.SEED_DELAY_PERIOD(),
      optimisticPolicy.SEED_PERIOD(),
      staking.THAW_PERIOD(),
      timelock.LEAST_PERIOD(),
      timelock.MOST_PERIOD(),
      governor.MOST_VOTE_PERIOD(),
    ]);
  const [leastTimelockPeriod, mostTimelockPeriod, mostVotePeriod] = control;
  return {
    moneyClockFloor,
    leastSealPeriod,
    leastWindowPeriod,
    seedDelayPeriod,
    seedPeriod,
    thawPeriod,
    leastTimelockPeriod,
    mostTimelockPeriod,
    mostVotePeriod,
  };
}
