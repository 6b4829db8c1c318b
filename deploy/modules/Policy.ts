import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import CommitmentsModule from "./Commitments.ts";

/** Layer 3: what becomes of a replicated job. */
export default buildModule("Policy", (m) => {
  const { commitments } = m.useModule(CommitmentsModule);
  const policy = m.contract("ReplicationPolicy", [
    commitments,
    m.getParameter("seedPeriod"),
    m.getParameter("leastSealPeriod"),
    m.getParameter("moneyClockFloor"),
  ]);
  return { commitments, policy };
});
