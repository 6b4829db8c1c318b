import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Layer 0: the token. Its whole supply goes to `holder`. */
export default buildModule("Token", (m) => {
  const token = m.contract("OPGToken", [m.getParameter("holder")]);
  return { token };
});
