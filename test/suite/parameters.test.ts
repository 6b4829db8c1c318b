import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { Wallet, ZeroAddress } from "ethers";
import hre from "hardhat";

import { forecast } from "../../scripts/suite/forecast.ts";
import { moduleFor } from "../../scripts/suite/module.ts";
import { networksFolder, readNetworks } from "../../scripts/suite/networks.ts";
import { SuiteError } from "../../scripts/suite/outcome.ts";
import { changesOf, readParameters } from "../../scripts/suite/parameters.ts";
import type { Suite } from "../../scripts/suite/suite.ts";
import { chainOf, suiteOn } from "./stage.ts";

const file = (name: string): string => readFileSync(join(hre.config.paths.ignition, "parameters", name), "utf8");
const TESTNET = file("testnet.json5");
const ROLLUP = file("rollup.json5");
const deployer = Wallet.createRandom().address;

/** A suite whose parameters are this text. */
function suiteWith(text: string): Suite {
  const ignition = mkdtempSync(join(tmpdir(), "opg-parameters-"));
  mkdirSync(join(ignition, "parameters"));
  writeFileSync(join(ignition, "parameters/testnet.json5"), text);
  const config = { ...hre.config, paths: { ...hre.config.paths, ignition } };
  const { artifacts, network } = hre;
  return { ...suiteOn("base-sepolia"), hre: { ...hre, config, artifacts, network } };
}

/** The same where OPG has value. */
function mainnetWith(text: string): Suite {
  const suite = suiteWith(text);
  return { ...suite, network: { ...suite.network, kind: "mainnet" } };
}

const read = (suite: Suite) => readParameters(suite, moduleFor(suite), deployer);

/** How the parameters of a suite are refused. */
async function refusal(suite: Suite): Promise<string> {
  try {
    await read(suite);
  } catch (error) {
    if (error instanceof SuiteError) return error.message;
    throw error;
  }
  return "taken";
}

describe("Parameters of a deployment", () => {
  it("stand for the deployer where the file leaves an account open", async () => {
    const parameters = await read(suiteWith(TESTNET));
    expect(parameters["Distribution"]?.["allocations"]).to.have.nested.property("[0].account", deployer);
    expect(parameters["Staking"]?.["thawPeriod"]).to.equal(43_200);
  });

  for (const network of readNetworks(networksFolder())) {
    it(`fit what is deployed on ${network.name}`, async () => {
      expect(await read(suiteOn(network.name))).to.include.keys("Staking", "Testnet");
    });
  }

  it("have no faucet where OPG has value, and leave nothing there to whoever deploys", async () => {
    expect(await refusal(mainnetWith(ROLLUP))).to.include("leave accounts open");
    const filled = mainnetWith(ROLLUP.replaceAll(ZeroAddress, Wallet.createRandom().address));
    expect(await read(filled)).not.to.have.property("Testnet");
  });

  it("are refused when there are none, or none that can be read, by their file", async () => {
    const suite = suiteWith(TESTNET);
    const absent = { ...suite, network: { ...suite.network, parameters: "absent" } };
    expect(await refusal(absent)).to.match(/^The parameters cannot be read: .*absent\.json5/);
    expect(await refusal(suiteWith("{ Staking: "))).to.match(/^The parameters cannot be read: JSON5: invalid end/);
  });

  it("are refused when one is missing, by its name", async () => {
    expect(await refusal(suiteWith(TESTNET.replace(/thawPeriod: .*,/, "")))).to.equal(
      "The parameters do not fit the modules: Staking.thawPeriod is missing",
    );
  });

  it("are refused when no contract asks for one: it is a slip of the pen", async () => {
    expect(await refusal(suiteWith(TESTNET.replace("thawPeriod:", "thawPeriods: 1, thawPeriod:")))).to.equal(
      "The parameters do not fit the modules: Staking.thawPeriods is unknown",
    );
  });

  for (const [what, from, to, says] of [
    ["a number below zero", "thawPeriod: 43200", "thawPeriod: -1", "Staking.thawPeriod"],
    ["a fraction", "thawPeriod: 43200", "thawPeriod: 1.5", "Staking.thawPeriod"],
    [
      "an address with a wrong checksum",
      "0x0000000000000000000000000000000000000000",
      "0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
      "checksum",
    ],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      const message = await refusal(suiteWith(TESTNET.replace(from, to)));
      expect(message).to.include("The parameters are malformed").and.include(says);
    });
  }

  it("are proven by the contracts, before anything is sent [T117]", async () => {
    const suite = suiteWith(TESTNET.replace("thawPeriod: 43200", "thawPeriod: 4320"));
    const refused = await forecast(suite, await chainOf(suite), deployer).then(() => "taken", String);
    expect(refused).to.include("DisputeDeadlinesDoNotNest(6901, 4320)");
  });

  it("nest, and say by how much", async () => {
    const suite = suiteWith(TESTNET);
    const { thawPeriod, longestPath, steps } = await forecast(suite, await chainOf(suite), deployer);
    expect(thawPeriod).to.equal(43_200n);
    expect(longestPath).to.be.within(3_600n, 43_199n);
    expect(steps).to.have.length.above(19);
  });

  it("differ by their paths, with both values", () => {
    expect(changesOf({ a: { b: 1, c: "x" } }, { a: { b: 2, c: "x", d: [] } })).to.deep.equal([
      "a.b was 1, is 2",
      "a.d was nothing, is []",
    ]);
  });
});
