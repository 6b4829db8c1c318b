import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import MarketplaceModule from "./Marketplace.ts";

/** Layer 6: what nodes have signed comes to the market through it. Nothing depends on it. */
export default buildModule("Relay", (m) => {
  const { market } = m.useModule(MarketplaceModule);
  const relay = m.contract("JobRelay", [market]);
  return { relay };
});
