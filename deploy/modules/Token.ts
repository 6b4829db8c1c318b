import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import DistributionModule from "./Distribution.ts";

/** Layer 0: the token. Its whole supply is paid out at once, as the distribution says. */
export default buildModule("Token", (m) => {
  const { timelock, distribution } = m.useModule(DistributionModule);
  const token = m.contract("OPGToken", [distribution]);
  m.call(distribution, "distribute", [token]);
  return { timelock, distribution, token };
});
