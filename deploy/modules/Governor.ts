import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { id, ZeroHash } from "ethers";

import TokenModule from "./Token.ts";

/** Layer 6: votes. The governor becomes the only one who schedules and cancels, and the deployer leaves the timelock. */
export default buildModule("Governor", (m) => {
  const { timelock, token } = m.useModule(TokenModule);
  const governor = m.contract("OPGGovernor", [
    token,
    timelock,
    m.getParameter("mostVotePeriod"),
    m.getParameter("numbers"),
  ]);
  const after = ["PROPOSER_ROLE", "CANCELLER_ROLE"].map((role) =>
    m.call(timelock, "grantRole", [id(role), governor], { id: role }),
  );
  m.call(timelock, "renounceRole", [ZeroHash, m.getAccount(0)], { after });
  return { governor };
});
