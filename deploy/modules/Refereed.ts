import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import DisputesModule from "./Disputes.ts";
import PolicyModule from "./Policy.ts";

/** Layer 3: what becomes of a replicated job that a referee can judge. */
export default buildModule("Refereed", (m) => {
  const { policy } = m.useModule(PolicyModule);
  const { disputes } = m.useModule(DisputesModule);
  const refereedPolicy = m.contract("RefereedPolicy", [policy, disputes, m.getParameter("mostWindowPeriod")]);
  return { refereedPolicy };
});
