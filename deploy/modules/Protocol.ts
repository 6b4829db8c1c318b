import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import ChainModule from "./Chain.ts";
import DisputesModule from "./Disputes.ts";
import DistributionModule from "./Distribution.ts";
import GovernorModule from "./Governor.ts";
import GuardianModule from "./Guardian.ts";
import LensModule from "./Lens.ts";
import MarketplaceModule from "./Marketplace.ts";
import OptimisticModule from "./Optimistic.ts";
import SchedulerModule from "./Scheduler.ts";
import SessionsModule from "./Sessions.ts";
import RelayModule from "./Relay.ts";

/** The whole suite, in the order of its layers. */
export default buildModule("Protocol", (m) => ({
  ...m.useModule(DistributionModule),
  ...m.useModule(DisputesModule),
  ...m.useModule(MarketplaceModule),
  ...m.useModule(OptimisticModule),
  ...m.useModule(SessionsModule),
  ...m.useModule(RelayModule),
  ...m.useModule(SchedulerModule),
  ...m.useModule(ChainModule),
  ...m.useModule(LensModule),
  ...m.useModule(GovernorModule),
  ...m.useModule(GuardianModule),
}));
