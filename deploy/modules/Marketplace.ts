import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import MandatesModule from "./Mandates.ts";
import PolicyModule from "./Policy.ts";
import RefereedModule from "./Refereed.ts";
import RegistryModule from "./Registry.ts";
import StakingModule from "./Staking.ts";

/** Layer 4: where inferences are ordered. */
export default buildModule("Marketplace", (m) => {
  const { access, registry } = m.useModule(RegistryModule);
  const { timelock, token, staking } = m.useModule(StakingModule);
  const { mandates } = m.useModule(MandatesModule);
  const { commitments, policy } = m.useModule(PolicyModule);
  const { refereedPolicy } = m.useModule(RefereedModule);
  const market = m.contract("InferenceMarketplace", [
    access,
    registry,
    policy,
    refereedPolicy,
    m.getParameter("seedDelayPeriod"),
    { mostInputBytes: m.getParameter("mostInputBytes"), mostOutputBytes: m.getParameter("mostOutputBytes") },
    m.getParameter("rules"),
    m.getParameter("marginPeriod"),
    mandates,
    timelock,
  ]);
  return { mandates, access, token, registry, staking, commitments, policy, refereedPolicy, market };
});
