import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import MarketplaceModule from "./Marketplace.ts";

/** The whole suite, in the order of its layers. */
export default buildModule("Protocol", (m) => m.useModule(MarketplaceModule));
