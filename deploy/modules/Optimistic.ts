import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import AuditsModule from "./Audits.ts";
import MandatesModule from "./Mandates.ts";
import RegistryModule from "./Registry.ts";
import TimelockModule from "./Timelock.ts";

/** Layer 5: where one node answers, and anyone can prove it wrong. */
export default buildModule("Optimistic", (m) => {
  const { access, registry } = m.useModule(RegistryModule);
  const { timelock } = m.useModule(TimelockModule);
  const { mandates } = m.useModule(MandatesModule);
  const { auditRoster, optimisticPolicy } = m.useModule(AuditsModule);
  const optimistic = m.contract("OptimisticMarketplace", [
    access,
    registry,
    optimisticPolicy,
    { mostInputBytes: m.getParameter("mostInputBytes"), mostOutputBytes: m.getParameter("mostOutputBytes") },
    m.getParameter("numbers"),
    m.getParameter("marginPeriod"),
    mandates,
    timelock,
  ]);
  return { auditRoster, optimisticPolicy, optimistic };
});
