import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import DisputesModule from "./Disputes.ts";
import RegistryModule from "./Registry.ts";

/** Layer 4: where one node answers, and anyone can prove it wrong. */
export default buildModule("Optimistic", (m) => {
  const { access, registry } = m.useModule(RegistryModule);
  const { disputes } = m.useModule(DisputesModule);
  const optimistic = m.contract("OptimisticMarketplace", [
    access,
    registry,
    disputes,
    { mostInputBytes: m.getParameter("mostInputBytes"), mostOutputBytes: m.getParameter("mostOutputBytes") },
    m.getParameter("numbers"),
    m.getParameter("marginPeriod"),
    m.getParameter("treasury"),
  ]);
  return { optimistic };
});
