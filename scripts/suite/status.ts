/** `suite status`: how far a deployment is, whether it is paused, and who controls it. */
import { existsSync } from "node:fs";

import { commandOf } from "./commands.ts";
import { asker, finder } from "./contracts.ts";
import { readDeploymentFile } from "./deploymentFile.ts";
import { doneSteps, hasJournal, isComplete } from "./journal.ts";
import { futuresOf, moduleFor } from "./module.ts";
import { EXIT, findingsText, SuiteError, type Finding } from "./outcome.ts";
import { reader, suiteTask, type Suite } from "./suite.ts";

export default suiteTask(async (suite) => {
  const { network, deployment, exportFile } = suite;
  const journal = await journalFinding(suite);
  const isExported = existsSync(exportFile);
  if (!isExported && !hasJournal(suite)) {
    throw new SuiteError(`There is no deployment ${deployment} on ${network.name}`, commandOf(suite, "preflight"));
  }
  const findings = isExported ? [...journal, ...(await chainFindings(suite))] : journal;
  return { exitCode: EXIT.done, report: { network: network.name, deployment, findings }, text: findingsText(findings) };
});

/** What this machine knows of the deployment; one that was made elsewhere is known by its file alone. */
async function journalFinding(suite: Suite): Promise<Finding[]> {
  if (!hasJournal(suite)) return [];
  const module = moduleFor(suite);
  const says = `${(await doneSteps(suite)).size} of ${futuresOf(module).size} steps`;
  if (await isComplete(suite, module)) return [{ item: "deployed", level: "ok", says }];
  return [{ item: "deployed", level: "warn", says, fix: commandOf(suite, "deploy") }];
}

async function chainFindings(suite: Suite): Promise<Finding[]> {
  const file = readDeploymentFile(suite);
  const live = await reader(suite);
  const ask = asker(await finder(suite.hre, live, file));
  const block = await live.ethers.provider.getBlock("latest");
  const pausedUntil = (await ask("pauseGuardian", "pausedUntil")) as bigint;
  const isPaused = pausedUntil > BigInt(block?.timestamp ?? 0);
  const { timelock = "" } = file.addresses;
  const byDeployer = (await ask("access", "hasRole", 0n, file.deployer)) === true;
  const byTimelock = (await ask("access", "hasRole", 0n, timelock)) === true;
  const controller = [
    ...(byTimelock ? [`votes, through ${timelock}`] : []),
    ...(byDeployer ? [`the deployer ${file.deployer}`] : []),
  ];
  return [
    {
      item: "exported",
      level: "ok",
      says: `${Object.keys(file.addresses).length} contracts since block ${file.startBlock}`,
    },
    isPaused
      ? { item: "entries", level: "warn", says: `paused until ${new Date(Number(pausedUntil) * 1_000).toISOString()}` }
      : { item: "entries", level: "ok", says: "open" },
    { item: "control", level: byTimelock && !byDeployer ? "ok" : "warn", says: controller.join(" and ") || "nobody" },
  ];
}
