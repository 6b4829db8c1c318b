import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import MarketplaceModule from "./Marketplace.ts";
import OptimisticModule from "./Optimistic.ts";

/** Layer 6: what places orders again and again. */
export default buildModule("Scheduler", (m) => {
  const { access, market } = m.useModule(MarketplaceModule);
  const { optimistic } = m.useModule(OptimisticModule);
  const scheduler = m.contract("JobScheduler", [access, market, optimistic, m.getParameter("numbers")]);
  return { scheduler };
});
