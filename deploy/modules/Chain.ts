import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import MarketplaceModule from "./Marketplace.ts";
import OptimisticModule from "./Optimistic.ts";

/** Layer 6: what orders jobs on the outputs of others. Nothing depends on it. */
export default buildModule("Chain", (m) => {
  const { market } = m.useModule(MarketplaceModule);
  const { optimistic } = m.useModule(OptimisticModule);
  const jobChain = m.contract("JobChain", [market, optimistic]);
  return { jobChain };
});
