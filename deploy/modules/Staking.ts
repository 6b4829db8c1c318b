import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import AccessModule from "./Access.ts";
import TokenModule from "./Token.ts";

/** Layer 1: where nodes stake. */
export default buildModule("Staking", (m) => {
  const { access } = m.useModule(AccessModule);
  const { timelock, token } = m.useModule(TokenModule);
  const staking = m.contract("NodeStaking", [
    access,
    token,
    m.getParameter("thawPeriod"),
    m.getParameter("parameters"),
  ]);
  return { access, timelock, token, staking };
});
