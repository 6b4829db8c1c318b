import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import ProtocolModule from "./Protocol.ts";
import TokenModule from "./Token.ts";

/** The whole suite, and beside it what only a network without value may have: a faucet, filled with the deployer's allocation. */
export default buildModule("Testnet", (m) => {
  const protocol = m.useModule(ProtocolModule);
  const faucet = m.contract("TestnetFaucet", [protocol.token, m.getParameter("drip"), m.getParameter("dailyCap")]);
  m.call(protocol.token, "transfer", [faucet, m.getParameter("endowment")], { after: [TokenModule] });
  return { ...protocol, faucet };
});
