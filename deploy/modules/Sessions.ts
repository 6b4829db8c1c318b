import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import DisputesModule from "./Disputes.ts";
import MandatesModule from "./Mandates.ts";
import ReceiptsModule from "./Receipts.ts";
import RegistryModule from "./Registry.ts";
import TimelockModule from "./Timelock.ts";

/** Layer 5: where calls are paid by the thousand. */
export default buildModule("Sessions", (m) => {
  const { access, registry } = m.useModule(RegistryModule);
  const { timelock } = m.useModule(TimelockModule);
  const { mandates } = m.useModule(MandatesModule);
  const { disputes } = m.useModule(DisputesModule);
  const { receipts } = m.useModule(ReceiptsModule);
  const sessions = m.contract("InferenceSessions", [
    access,
    registry,
    disputes,
    receipts,
    m.getParameter("numbers"),
    m.getParameter("marginPeriod"),
    mandates,
    timelock,
  ]);
  return { receipts, sessions };
});
