import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import OptimisticModule from "./Optimistic.ts";

/** Layer 6: what an order of one node means, before it is placed. Nothing depends on it. */
export default buildModule("Lens", (m) => {
  const { optimistic } = m.useModule(OptimisticModule);
  const optimisticLens = m.contract("OptimisticLens", [optimistic]);
  return { optimisticLens };
});
