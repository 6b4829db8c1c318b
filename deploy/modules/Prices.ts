import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import StakingModule from "./Staking.ts";

/** Layer 2: what nodes ask for calls. */
export default buildModule("Prices", (m) => {
  const { staking } = m.useModule(StakingModule);
  const prices = m.contract("PriceBook", [staking]);
  return { prices };
});
