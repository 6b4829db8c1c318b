import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import DisputesModule from "./Disputes.ts";

/** Layers 2 and 4: who can be drawn to audit, and what becomes of a job that may be audited. */
export default buildModule("Audits", (m) => {
  const { staking, disputes } = m.useModule(DisputesModule);
  const auditRoster = m.contract("AuditRoster", [staking]);
  const optimisticPolicy = m.contract("OptimisticPolicy", [
    disputes,
    auditRoster,
    m.getParameter("seedDelayPeriod"),
    m.getParameter("seedPeriod"),
  ]);
  return { auditRoster, optimisticPolicy };
});
