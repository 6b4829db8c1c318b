/**
 * Starts a chain with the whole suite, models, a node that answers, the explorer, and OPG for account 1 of the usual development
 * accounts: what front ends and examples are developed against. With a command it runs that and stops; without one it runs until it is stopped.
 *
 *   npm run chain
 *   npm run chain -- npm test --prefix my-front-end
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { getOptimisticServing, getPriceOffer, transferTokens } from "@opg-protocol/sdk";
import { parseEther } from "ethers";

import { checkPorts, clientOf, eventually, HOST, startSuite, type Suite } from "./demo/chain.ts";
import { buildPage } from "./demo/explorer.ts";
import { DIGITS, publishDigits } from "./demo/model.ts";
import { Daemons, equipNode } from "./demo/nodes.ts";
import { type ServedPage, servePage } from "./demo/page.ts";
import { release, publish, type Shelf } from "./demo/publish.ts";
import { roles } from "./demo/roles.ts";
import { VOLATILITY } from "./demo/volatility.ts";

const PORT = 8545;
const CHAIN_ID = 31_337;
const PURSE = parseEther("1000");
const STAKE = parseEther("10000");
/** OPG that may answer for each version that the node answers alone. */
const MOST_LOCK = "4000";
/** Calls in sessions, which it sells for the same versions. */
const CALLS = { price: "0.01", maxLock: "500", mostCollateral: "100" };

/** The versions that the deployment's file names. */
interface Versions {
  /** Of the digits, for several nodes: no referee can judge it. */
  readonly versionId: string;
  /** Those that the node answers alone, because a referee can judge them. */
  readonly versions: Readonly<Record<"digits" | "volatility", string>>;
}

async function publishAll(suite: Suite, shelf: Shelf): Promise<Versions> {
  const publisher = await clientOf(suite, roles.publisher);
  const { modelId, versionId } = await publishDigits(publisher, shelf, false);
  const digits = await release(publisher, shelf, DIGITS, { modelId, minor: 1, isJudged: true });
  const volatility = await publish(publisher, shelf, VOLATILITY, true);
  return { versionId, versions: { digits: digits.versionId, volatility: volatility.versionId } };
}

/** Starts a node, and waits until it answers for the versions. */
async function startNode(suite: Suite, daemons: Daemons, folder: string, { versions }: Versions): Promise<string> {
  const treasurer = await clientOf(suite, roles.deployer);
  const ids = Object.values(versions);
  const place = join(folder, "node");
  const { node } = await equipNode(suite, treasurer, {
    index: 0,
    stake: STAKE,
    commissionBps: 0,
    consumers: ["market", "optimistic", "sessions"],
    port: PORT + 1,
    folder: place,
    versions: ids.map((id) => ({ id, alone: { maxLock: MOST_LOCK }, sessions: CALLS })),
    more: { serve: { publicUrl: `http://${HOST}:${PORT + 1}` } },
  });
  daemons.start({ folder: place, number: 1, isLiar: false });
  for (const versionId of ids) {
    const serves = async () => (await getOptimisticServing(treasurer, { node, versionId })).maxLock > 0n || undefined;
    const sells = async () => (await getPriceOffer(treasurer, { node, versionId })).endpoint !== "" || undefined;
    await daemons.until(Promise.all([serves, sells].map(eventually)));
  }
  return node;
}

/** The deployment as a file has it, with the versions and the node that are there. */
async function describeSuite(suite: Suite, daemons: Daemons, shelf: Shelf): Promise<string> {
  const { folder } = shelf;
  const versions = await publishAll(suite, shelf);
  const node = await startNode(suite, daemons, folder, versions);
  await transferTokens(await clientOf(suite, roles.deployer), { to: roles.requester.address, amount: PURSE });
  const file = join(folder, "deployment.json");
  const deployment = { chainId: CHAIN_ID, addresses: suite.addresses, startBlock: 0, ...versions, node };
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
const daemons = new Daemons();
let suite: Suite | undefined;
let page: ServedPage | undefined;
try {
  await checkPorts(PORT, 3);
  await buildPage();
  suite = await startSuite(PORT);
  const { url, addresses } = suite;
  page = await servePage({ rpcUrl: url, deployment: { chainId: CHAIN_ID, startBlock: 0, addresses } }, PORT + 2);
  const environment = {
    OPG_RPC_URL: url,
    OPG_DEPLOYMENT: await describeSuite(suite, daemons, { folder, share: page.share }),
    OPG_EXPLORER_URL: page.url,
  };
  for (const [name, value] of Object.entries(environment)) console.log(`${name}=${value}`);
  if (command.length > 0) process.exitCode = await daemons.until(run(command, environment));
  else await daemons.until(Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]));
} finally {
  daemons.stop();
  await page?.close();
  await suite?.close();
  rmSync(folder, { recursive: true, force: true });
}
