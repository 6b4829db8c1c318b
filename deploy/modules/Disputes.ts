import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import CommitmentsModule from "./Commitments.ts";
import RefereesModule from "./Referees.ts";
import StakingModule from "./Staking.ts";

/** Layer 3: whether a statement is false. */
export default buildModule("Disputes", (m) => {
  const { access, token, staking } = m.useModule(StakingModule);
  const { commitments } = m.useModule(CommitmentsModule);
  const { onnxReferee, integerReferee } = m.useModule(RefereesModule);
  const disputes = m.contract("DisputeGame", [
    access,
    staking,
    commitments,
    m.getParameter("moneyClockFloor"),
    m.getParameter("mostGamePeriod"),
    m.getParameter("leastWindowPeriod"),
    m.getParameter("rules"),
    [onnxReferee, integerReferee],
  ]);
  return { access, token, staking, commitments, onnxReferee, integerReferee, disputes };
});
