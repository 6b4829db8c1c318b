import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import MarketplaceModule from "./Marketplace.ts";
import OptimisticModule from "./Optimistic.ts";
import PricesModule from "./Prices.ts";
import SessionsModule from "./Sessions.ts";

/** Layer 6: what an order means, before it is placed. Nothing depends on it. */
export default buildModule("Lens", (m) => {
  const { market } = m.useModule(MarketplaceModule);
  const { optimistic } = m.useModule(OptimisticModule);
  const inferenceLens = m.contract("InferenceLens", [market]);
  const optimisticLens = m.contract("OptimisticLens", [optimistic]);
  const { sessions } = m.useModule(SessionsModule);
  const { prices } = m.useModule(PricesModule);
  const sessionLens = m.contract("SessionLens", [sessions, prices]);
  return { inferenceLens, optimisticLens, prices, sessionLens };
});
