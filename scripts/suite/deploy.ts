/** `suite deploy`: all modules on a real chain. Killed at any point, the same command finishes. */
import { execFileSync } from "node:child_process";

import type { IgnitionModule } from "@nomicfoundation/ignition-core";
import type { NetworkConnection } from "hardhat/types/network";

import { approve } from "./approval.ts";
import { artifactsOf, buildForDeployment, checkedCompiler, codeHashes, contractsOf } from "./build.ts";
import { commandOf } from "./commands.ts";
import { ignite, strategyOn } from "./ignite.ts";
import { closeGaps, doneSteps, isComplete, settleSent } from "./journal.ts";
import { moduleFor, transactionsOf } from "./module.ts";
import { EXIT, SuiteError } from "./outcome.ts";
import { plain, readParameters } from "./parameters.ts";
import { nothingToDo, planOf } from "./plan.ts";
import { keepRecord, readRecord, type DeploymentRecord } from "./record.ts";
import { deployerOf, reader, signer, suiteTask, type CommonArguments, type Suite } from "./suite.ts";

interface Arguments extends CommonArguments {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly noCompile: boolean;
}

export default suiteTask<Arguments>(async (suite, { yes, dryRun, noCompile }) => {
  if (!noCompile) await buildForDeployment(suite);
  const live = await reader(suite);
  const deployer = await deployerOf(suite);
  const module = moduleFor(suite);
  const parameters = await readParameters(suite, module, deployer);
  const begins = await beginningOf(suite, live, module, deployer, plain(parameters) as DeploymentRecord["parameters"]);
  if (readRecord(suite) !== undefined) keepRecord(suite, begins);
  if (await isComplete(suite, module)) return nothingToDo(suite);
  if (dryRun) return planOf(suite, live, deployer);

  await approve(suite, yes, `deploy ${suite.deployment} with ${deployer}`);
  await checkCoins(suite, live, deployer);
  const { connection } = await signer(suite);
  await settleSent(suite, connection, deployer);
  const { strategy } = keepRecord(suite, begins);
  await closeGaps(suite, connection, deployer);
  const { hre, network, deployment, journalFolder, during } = suite;
  const config = {
    requiredConfirmations: network.confirmations,
    blockPollingInterval: Math.min(network.blockPeriod * 500, 1_000),
  };
  const before = await doneSteps(suite);
  const left = transactionsOf(module).filter(({ id }) => !before.has(id));
  const done = await during(`deploys ${deployment} on ${network.title}`, left.length, (tell) =>
    ignite({
      hre,
      connection,
      module,
      parameters,
      deployer,
      deployment,
      strategy,
      config,
      journalFolder,
      tell,
    }),
  );
  const addresses = Object.fromEntries(
    Object.values(done.contracts).map(({ contractName, address }) => [contractName, address]),
  );
  return {
    exitCode: EXIT.done,
    report: { network: network.name, deployment, strategy, transactions: done.sent, addresses },
    text: [
      ...Object.entries(addresses).map(([name, address]) => `  ${name.padEnd(24)}${address}${linkOf(suite, address)}`),
      `  next: ${commandOf(suite, "export")}`,
    ].join("\n"),
  };
});

const linkOf = ({ network }: Suite, address: string): string => {
  const { blockscout, etherscan } = network.verification;
  const explorer = blockscout ?? etherscan;
  return explorer === undefined ? "" : `  ${explorer.url}/address/${address}`;
};

/** Without any, Ignition would only say that a transaction cannot be estimated. */
async function checkCoins(suite: Suite, { ethers }: NetworkConnection, deployer: string): Promise<void> {
  const { network } = suite;
  if ((await ethers.provider.getBalance(deployer)) > 0n) return;
  throw new SuiteError(
    `${deployer} has no ${network.currency} on ${network.title}`,
    `${commandOf(suite, "preflight")} says how much it takes, and where to get it`,
  );
}

async function beginningOf(
  { hre, network }: Suite,
  live: NetworkConnection,
  module: IgnitionModule,
  deployer: string,
  parameters: DeploymentRecord["parameters"],
): Promise<DeploymentRecord> {
  const artifacts = await artifactsOf(hre, contractsOf(module));
  const genesis = await live.ethers.provider.getBlock(0);
  if (genesis?.hash == null) throw new SuiteError("The RPC does not have block 0", "Take another RPC");
  return {
    chainId: network.chainId,
    genesis: genesis.hash,
    deployer,
    strategy: await strategyOn(live),
    commit: commitOf(hre.config.paths.root),
    compiler: await checkedCompiler(hre, artifacts),
    creationCode: codeHashes(artifacts),
    parameters,
  };
}

/** The sources' commit, or null outside of a repository. */
function commitOf(root: string): DeploymentRecord["commit"] {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: "pipe" }).trim();
  try {
    return { id: git("rev-parse", "HEAD"), dirty: git("status", "--porcelain", "contracts", "deploy/modules") !== "" };
  } catch {
    // A tarball of the sources has no history; its bytecode can still be compared.
    return null;
  }
}
