import { createRequire } from "node:module";

import hardhatMocha from "@nomicfoundation/hardhat-mocha";
import { defineConfig } from "hardhat/config";

export default defineConfig({
  plugins: [hardhatMocha],
  solidity: {
    version: "0.8.37",
    // The compiler from npm, so that a test needs no download; without this line Hardhat fetches its own.
    path: createRequire(import.meta.url).resolve("solc/soljson.js"),
    settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: "cancun" },
  },
  paths: { tests: { mocha: "test", solidity: "test" } },
  // A node answers, and its answer has to stand for a time.
  test: { mocha: { timeout: 90_000 } },
});
