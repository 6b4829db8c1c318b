import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Layer 0: the delay between a vote and what it does; the treasury. The governor's module ends what the deployer can do here. */
export default buildModule("Timelock", (m) => {
  const timelock = m.contract("OPGTimelock", [
    m.getParameter("period"),
    m.getParameter("leastPeriod"),
    m.getParameter("mostPeriod"),
    m.getAccount(0),
  ]);
  return { timelock };
});
