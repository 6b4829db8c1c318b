import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import CommitmentsModule from "./Commitments.ts";
import StakingModule from "./Staking.ts";

/** Layer 3: what nodes state off chain, as far as somebody shows it. */
export default buildModule("Receipts", (m) => {
  const { staking } = m.useModule(StakingModule);
  const { commitments } = m.useModule(CommitmentsModule);
  const receipts = m.contract("ReceiptBook", [staking, commitments]);
  return { receipts };
});
