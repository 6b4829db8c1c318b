import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Layer 1: who may use the balance of somebody else. */
export default buildModule("Mandates", (m) => ({ mandates: m.contract("Mandates") }));
