import { createRequire } from "node:module";

import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig } from "hardhat/config";

import { buildRules } from "./hardhat.plugin.ts";
import { suiteTasks } from "./scripts/suite/plugin.ts";
import { ETHERSCAN_KEY_VARIABLE, hardhatNetworks, networksFolder, readNetworks } from "./scripts/suite/networks.ts";

// Nobody is told that this runs: on a terminal Hardhat would tell its makers. It asks after it has read this file.
process.env.HARDHAT_DISABLE_TELEMETRY = "true";

// The JavaScript build of the compiler, from npm: nothing is downloaded at run time.
const soljson = createRequire(import.meta.url).resolve("solc/soljson.js");

const compiler = (viaIR: boolean) => ({
  // All in one run of the compiler: a file of types alone would be a build without contracts, which EDR cannot read.
  isolated: false,
  version: "0.8.37",
  path: soljson,
  settings: {
    evmVersion: "osaka",
    viaIR,
    // Without the hash of the sources, a changed comment leaves the bindings and the bytecode as they are.
    metadata: { bytecodeHash: "none" },
    // The older code generator makes larger code, which must fit, too.
    optimizer: { enabled: true, runs: viaIR ? 200 : 20 },
    // What scripts/abi.ts makes the error catalogue from.
    outputSelection: { "*": { "*": ["devdoc", "userdoc"] } },
  },
});

/**
 * How long tests of Solidity play.
 *
 * @param fuzz Runs of each property.
 * @param runs Of each invariant.
 * @param depth Calls of one such run.
 */
const plays = (fuzz: number, runs: number, depth: number) => ({
  // The file is that of scripts/campaign.ts.
  fsPermissions: { readDirectory: ["vectors"], writeFile: ["cache/tally.txt"] },
  fuzz: { runs: fuzz },
  invariant: { runs, depth, failOnRevert: true },
});

const deployable = hardhatNetworks(readNetworks(networksFolder()));

export default defineConfig({
  plugins: [buildRules, hardhatToolboxMochaEthers, suiteTasks],
  solidity: {
    profiles: { default: compiler(false), production: compiler(true) },
    // Apart: what needs contracts alone does not wait for the tests to be compiled.
    splitTestsCompilation: true,
    npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
  },
  paths: { sources: "contracts", tests: { mocha: "test", solidity: "test" }, ignition: "deploy" },
  ignition: { requiredConfirmations: 1 },
  typechain: { outDir: "typechain-types" },
  chainDescriptors: deployable.chainDescriptors,
  networks: {
    // What tests and benchmarks run on: every transaction is a block, and nothing depends on the clock of the machine.
    default: {
      type: "edr-simulated",
      chainType: "l1",
      chainId: 31337,
      accounts: { count: 60 },
      // Not estimated: what a transaction needs can differ between the second of the estimate and that of its block.
      gas: 16_000_000,
      allowBlocksWithSameTimestamp: true,
      initialDate: "2026-01-01T00:00:00Z",
      // The least there is: with probes a block has no limit, and one that is full would lift the base fee above what
      // the next transaction was signed for.
      initialBaseFeePerGas: 1,
    },
    // What `npm start` runs on: blocks come by themselves, as on a real chain.
    local: {
      type: "edr-simulated",
      chainType: "l1",
      chainId: 31337,
      mining: { auto: true, interval: 500 },
      allowBlocksWithSameTimestamp: true,
      // The reference price of deploy/parameters/local.json5: what a bond costs does not depend on the age of the chain.
      initialBaseFeePerGas: 1_000_000,
    },
    // What is deployed to: a file each in deploy/networks/.
    ...deployable.networks,
  },
  // Empty: nobody needs a key, and nobody is asked for one.
  verify: { etherscan: { apiKey: configVariable(ETHERSCAN_KEY_VARIABLE, { default: "" }) } },
  test: {
    solidity: {
      profiles: {
        // An invariant says with its test how long it plays in `npm test`: what is said of this profile holds in no other.
        default: plays(256, 32, 32),
        wide: plays(10_000, 256, 128),
        night: plays(100_000, 10_000, 256),
      },
    },
  },
});
