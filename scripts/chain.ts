/**
 * Starts a chain with the whole suite, one model, and OPG for account 1 of the usual development accounts: what front ends and
 * examples are developed against. With a command it runs that and stops; without one it runs until it is stopped.
 *
 *   npm run chain
 *   npm run chain -- npm test --prefix my-front-end
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { transferTokens } from "@opg-protocol/sdk";
import { parseEther } from "ethers";

import { checkPorts, clientOf, startSuite, type Suite } from "./demo/chain.ts";
import { publishDigits } from "./demo/model.ts";
import { roles } from "./demo/roles.ts";

const PORT = 8545;
const CHAIN_ID = 31_337;
const PURSE = parseEther("1000");

/** The deployment as a file has it, with the one version that is there. */
async function describeSuite(suite: Suite, folder: string): Promise<string> {
  const { versionId } = await publishDigits(await clientOf(suite, roles.publisher), folder, false);
  await transferTokens(await clientOf(suite, roles.deployer), { to: roles.requester.address, amount: PURSE });
  const file = join(folder, "deployment.json");
  const deployment = { chainId: CHAIN_ID, addresses: suite.addresses, startBlock: 0, versionId };
  writeFileSync(file, `${JSON.stringify(deployment, null, 2)}\n`);
  return file;
}

async function run([command = "", ...args]: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, ...env } });
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}

const command = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "opg-chain-"));
let suite: Suite | undefined;
try {
  await checkPorts(PORT, 1);
  suite = await startSuite(PORT);
  const environment = { OPG_RPC_URL: suite.url, OPG_DEPLOYMENT: await describeSuite(suite, folder) };
  for (const [name, value] of Object.entries(environment)) console.log(`${name}=${value}`);
  if (command.length > 0) process.exitCode = await run(command, environment);
  else await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
} finally {
  await suite?.close();
  rmSync(folder, { recursive: true, force: true });
}
