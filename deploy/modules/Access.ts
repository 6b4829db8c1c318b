import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Layer 0: who may set parameters; the deployer alone, until control is handed over to votes. */
export default buildModule("Access", (m) => {
  const access = m.contract("AccessManager", [m.getAccount(0)]);
  return { access };
});
