import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Layer 0: who may set parameters; at first `admin` alone. */
export default buildModule("Access", (m) => {
  const access = m.contract("AccessManager", [m.getParameter("admin")]);
  return { access };
});
