import { createRequire } from "node:module";

import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatMocha from "@nomicfoundation/hardhat-mocha";
import { defineConfig } from "hardhat/config";

export default defineConfig({
  plugins: [hardhatEthers, hardhatMocha],
  solidity: {
    version: "0.8.37",
    // The compiler from npm, so that a test needs no download; without this line Hardhat fetches its own.
    path: createRequire(import.meta.url).resolve("solc/soljson.js"),
    settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: "cancun" },
    // Compiled to be deployed and called by tests.
    npmFilesToBuild: [
      "@opg-protocol/contracts/mock/MockOPG.sol",
      "@opg-protocol/contracts/mock/MockSuite.sol",
      "@opg-protocol/contracts/mock/MockOptimisticMarketplace.sol",
    ],
  },
});
