import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import TimelockModule from "./Timelock.ts";

/** Layer 0: who gets the supply. What the file leaves goes to the treasury. */
export default buildModule("Distribution", (m) => {
  const { timelock } = m.useModule(TimelockModule);
  const distribution = m.contract("Distribution", [m.getParameter("allocations"), timelock]);
  return { timelock, distribution };
});
