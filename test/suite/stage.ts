/** A deployment on a chain in this process, as the tasks of `hardhat suite` see one. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import hre, { network } from "hardhat";

import { artifactsOf, codeHashes, contractsOf } from "../../scripts/suite/build.ts";
import type { DeploymentFile } from "../../scripts/suite/deploymentFile.ts";
import { fileOf } from "../../scripts/suite/export.ts";
import { ignite } from "../../scripts/suite/ignite.ts";
import { moduleFor } from "../../scripts/suite/module.ts";
import { networksFolder, readNetworks } from "../../scripts/suite/networks.ts";
import { plain, readParameters } from "../../scripts/suite/parameters.ts";
import type { Work } from "../../scripts/suite/progress.ts";
import type { DeploymentRecord } from "../../scripts/suite/record.ts";
import type { Suite } from "../../scripts/suite/suite.ts";

/** Tells nobody. */
export const tell: Work = { say: () => undefined, step: () => undefined };

/** What a task is given, with a journal of its own. */
export function suiteOn(name: string): Suite {
  const found = readNetworks(networksFolder()).find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`There is no network ${name}`);
  const folder = mkdtempSync(join(tmpdir(), "opg-suite-"));
  return {
    hre,
    network: found,
    deployment: "main",
    journalFolder: join(folder, "journal"),
    exportFile: join(folder, "main.json"),
    during: (_doing, _steps, work) => work(tell),
    say: tell.say,
  };
}

/** A chain in this process that has the number of a network. */
export const chainOf = ({ network: { chainId } }: Suite) =>
  network.create({ network: "default", override: { chainId, gas: "auto" } });

/** What a deployment of the compiled sources begins with. */
export async function beginningOf(suite: Suite, deployer: string): Promise<DeploymentRecord> {
  const module = moduleFor(suite);
  const artifacts = await artifactsOf(hre, contractsOf(module));
  return {
    chainId: suite.network.chainId,
    genesis: `0x${"00".repeat(32)}`,
    deployer,
    strategy: "basic",
    commit: null,
    compiler: {
      version: "0.8.37",
      viaIR: false,
      evmVersion: "osaka",
      optimizer: { enabled: true, runs: 200 },
      bytecodeHash: "none",
    },
    creationCode: codeHashes(artifacts),
    parameters: plain(await readParameters(suite, module, deployer)) as DeploymentRecord["parameters"],
  };
}

/** Deploys everything, and says what was deployed. */
export async function deployed(suite: Suite) {
  const connection = await chainOf(suite);
  const [account] = await connection.ethers.getSigners();
  if (account === undefined) throw new Error("The chain has no accounts");
  const module = moduleFor(suite);
  const deployer = account.address;
  const parameters = await readParameters(suite, module, deployer);
  const { deployment, journalFolder } = suite;
  const config = { requiredConfirmations: 1, blockPollingInterval: 10 };
  await ignite({
    hre,
    connection,
    module,
    parameters,
    deployer,
    deployment,
    strategy: "basic",
    config,
    journalFolder,
    tell,
  });
  const file: DeploymentFile = await fileOf(suite, connection, await beginningOf(suite, deployer));
  return { connection, deployer, file };
}
