import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Layer 2: what was stated. */
export default buildModule("Commitments", (m) => {
  const commitments = m.contract("ResultCommitments");
  return { commitments };
});
