import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

import {
  chainTime,
  type Client,
  findEvents,
  formatOpg,
  getAuthorisation,
  getBond,
  getBondBalance,
  getNode,
  getSessionRules,
  getSessionServing,
  getStakingTerms,
  isOperator,
  leastSessionCollateral,
  type StakingNode,
} from "@opg-protocol/sdk";
import { formatEther, type BaseWallet, ZeroHash } from "ethers";

import { connect, type Connection } from "../chain/connect.ts";
import { inFolder, loadConfig, loadWatchConfig, type Config, type WatchConfig } from "../config/Config.ts";
import { createArtifacts, createBackend, createProfile, createRuntime } from "../Equipment.ts";
import type { KserveExecutor } from "../execute/KserveExecutor.ts";
import { Journal, type JournalOwner } from "../journal/Journal.ts";
import { loadSigner } from "../keys/Keystore.ts";
import { createLogger } from "../log.ts";
import { BackendCheck } from "../offer/BackendCheck.ts";
import { Inspector } from "../offer/Inspector.ts";
import { offeredBy } from "../sessions/Consents.ts";
import { noOperator } from "../sessions/PriceOffers.ts";
import { isRunning, readStatus, type Status } from "../status/Status.ts";
import { ExitCode } from "./exits.ts";
import type { Printing } from "./status.ts";
import { printTable } from "./table.ts";

/** Seconds by which the chain's head may lag behind this machine's clock. */
const CLOCK_TOLERANCE = 120;
/** Seconds by which this machine's clock may lag behind the chain's head before callers refuse its receipts. */
const RECEIPT_TOLERANCE = 60;

/** Versions of recent orders that are tried where a watcher's configuration names none. */
const MOST_RECENT = 8;

/** One thing that a node or watcher needs: what was found, or what is missing and how to mend it. */
interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Checks all that a node needs, or a watcher, each thing by itself, and prints what is missing. Gives the exit code. */
export async function doctor(folder: string, { json }: Printing): Promise<number> {
  const watching = loadWatchConfig(folder);
  const config = watching.node === undefined ? undefined : loadConfig(folder);
  const { addresses, chain, key } = config ?? watching;
  const checks: Check[] = [];
  const check = async (name: string, find: () => string | Promise<string>): Promise<void> => {
    try {
      checks.push({ name, ok: true, detail: await find() });
    } catch (error) {
      checks.push({ name, ok: false, detail: error instanceof Error ? error.message : String(error) });
    }
  };
  const connection = await connect({ addresses, chain, node: config?.node ?? addresses.disputes });
  try {
    const signer = await loadSigner(inFolder(folder, key.file), inFolder(folder, key.passwordFile));
    const { chainId } = connection.client;
    const owner =
      config === undefined
        ? { chainId, market: addresses.disputes, node: signer.address }
        : { chainId, market: addresses.market, node: config.node };
    await checkFolder(folder, config ?? watching, owner, check);
    await checkChain(connection, check);
    if (config === undefined) {
      await checkWatcher(connection, watching, signer, check);
      await checkWatched(folder, watching, connection, check);
    } else {
      await checkNode(connection, config, signer, check);
      await checkVersions(folder, config, config.versions, connection, check);
    }
  } finally {
    connection.close();
  }
  const healthy = checks.every(({ ok }) => ok);
  if (json === true) process.stdout.write(`${JSON.stringify({ healthy, checks }, null, 2)}\n`);
  else printTable(checks.map(({ name, ok, detail }) => [ok ? "ok" : "MISSING", name, detail]));
  return healthy ? ExitCode.Success : ExitCode.Unhealthy;
}

type Checker = (name: string, find: () => string | Promise<string>) => Promise<void>;

async function checkFolder(folder: string, config: WatchConfig, owner: JournalOwner, check: Checker): Promise<void> {
  const daemon = runningIn(folder);
  const journal = join(folder, "journal.sqlite");
  const isFresh = !existsSync(journal);
  await check("secret", () => {
    const path = join(folder, "secret");
    if (existsSync(path)) return path;
    // The folder of a watcher can be made by hand: it draws nothing before its first start.
    if (config.node === undefined && isFresh) return "made at the first start";
    throw new Error(`${path} is missing: put your copy back, or reveals of open seals are lost`);
  });
  await check("journal", () => {
    if (isFresh) return "made at the first start";
    if (daemon !== undefined) return `held by process ${daemon.pid}`;
    Journal.open(journal, owner).close();
    return journal;
  });
  await check("port", async () => {
    if (daemon !== undefined) return `served at ${daemon.url}`;
    const { host, port } = config.http;
    await isFree(host, port);
    return `${host}:${port} is free`;
  });
}

/** What the daemon that runs in this folder says of itself. */
function runningIn(folder: string): Status | undefined {
  const daemon = readStatus(folder);
  return daemon !== undefined && isRunning(daemon) ? daemon : undefined;
}

async function checkChain({ chain, client, witness }: Connection, check: Checker): Promise<void> {
  await check("chain", async () => {
    const head = await chain.head();
    const lag = Math.abs(Date.now() / 1000 - head.timestamp);
    if (lag > CLOCK_TOLERANCE) {
      throw new Error(`block ${head.number} is ${lag.toFixed(0)} s off this machine's clock: one of the two is wrong`);
    }
    return `id ${client.chainId}, block ${head.number}`;
  });
  await check("contracts", async () => {
    for (const [name, address] of Object.entries<string>({ ...client.addresses })) {
      if ((await client.provider.getCode(address)) === "0x") throw new Error(`${name}: no code at ${address}`);
    }
    return "there";
  });
  if (witness === undefined) return;
  await check("second provider", async () => {
    const { number, hash } = await chain.head();
    const seen = await witness.blockHash(number);
    if (seen !== undefined && seen !== hash) throw new Error(`it has another block ${number}`);
    return seen === undefined ? "a little behind" : "agrees";
  });
}

async function checkNode({ client }: Connection, config: Config, signer: BaseWallet, check: Checker): Promise<void> {
  let node: StakingNode | undefined;
  await check("registration", async () => {
    node = await getNode(client, { node: config.node });
    return `owned by ${node.owner}`;
  });
  await check("signer", () => {
    if (node?.signer !== signer.address) {
      throw new Error(`the chain knows ${node?.signer ?? "none"}, the key here is ${signer.address}: proposeSigner`);
    }
    return signer.address;
  });
  await check("address of outputs", () => {
    const uri = node?.metadataURI ?? "";
    if (!/^https?:\/\//.test(uri)) {
      throw new Error(`the metadata URI is "${uri}", not where this node's outputs can be fetched: setMetadataURI`);
    }
    return uri;
  });
  await checkCoin({ client }, config, signer, check);
  await check("own stake", async () => {
    const { leastOwnStake } = await getStakingTerms(client);
    const own = node?.ownBonded ?? 0n;
    if (own < leastOwnStake) throw new Error(`${formatOpg(own)} OPG, at least ${formatOpg(leastOwnStake)} are needed`);
    return `${formatOpg(own)} OPG`;
  });
  await check("market authorised", async () => {
    const { cap } = await getAuthorisation(client, { node: config.node });
    if (cap === 0n) throw new Error("the owner has yet to call NodeStaking.authorise for the market");
    return `up to ${formatOpg(cap)} OPG`;
  });
  if (config.versions.some(({ alone }) => alone !== undefined)) {
    await check("market for one node authorised", async () => {
      const { cap } = await getAuthorisation(client, { node: config.node, consumer: client.addresses.optimistic });
      if (cap === 0n) throw new Error("the owner has yet to call NodeStaking.authorise for OptimisticMarketplace");
      return `up to ${formatOpg(cap)} OPG`;
    });
  }
  if (config.versions.some(({ sessions }) => sessions !== undefined)) {
    await checkSessions(client, config, check);
    await check("book of prices", async () => {
      const { publicUrl } = config.serve;
      if (publicUrl === undefined) return "nothing is published: serve.publicUrl says where callers reach this node";
      const account = signer.address;
      if (!(await isOperator(client, { node: config.node, account }))) throw new Error(noOperator(account));
      return `published with ${publicUrl}`;
    });
  }
}

/** What a node needs that answers calls in sessions. */
async function checkSessions(client: Client, { node, versions }: Config, check: Checker): Promise<void> {
  await check("sessions authorised", async () => {
    const { cap } = await getAuthorisation(client, { node, consumer: client.addresses.sessions });
    if (cap === 0n) throw new Error("the owner has yet to call NodeStaking.authorise for InferenceSessions");
    return `up to ${formatOpg(cap)} OPG`;
  });
  await check("clock of receipts", async () => {
    const ahead = Date.now() / 1000 - (await chainTime(client));
    // A block is always a little older than what is stated after it; a receipt must not be younger than the chain for long.
    if (ahead < -RECEIPT_TOLERANCE || ahead > CLOCK_TOLERANCE) {
      throw new Error(`this machine is ${ahead.toFixed(0)} s ahead of the chain: callers refuse its receipts`);
    }
    return `${ahead.toFixed(0)} s ahead of the last block`;
  });
  const rules = await getSessionRules(client);
  for (const { id, sessions } of versions) {
    if (sessions === undefined) continue;
    await check(`sessions of ${id.slice(0, 10)}`, async () => {
      const least = leastSessionCollateral(rules, sessions.price);
      const { mostCollateral: most } = offeredBy(sessions);
      if (most < least) {
        throw new Error(
          `${formatOpg(most)} OPG may answer for one session, and the rules ask for ${formatOpg(least)}: ` +
            "raise versions.sessions.mostCollateral, or lower the price",
        );
      }
      const { maxLock, used } = await getSessionServing(client, { node, versionId: id });
      const lock = maxLock === 0n ? "nothing locked yet" : `${formatOpg(used)} of ${formatOpg(maxLock)} OPG in use`;
      return `${formatOpg(least)} to ${formatOpg(most)} OPG for each; ${lock}`;
    });
  }
}

async function checkCoin(
  { client }: Pick<Connection, "client">,
  { limits }: Pick<WatchConfig, "limits">,
  { address }: BaseWallet,
  check: Checker,
): Promise<void> {
  await check("coin for gas", async () => {
    const balance = await client.provider.getBalance(address);
    if (balance < limits.gasPerDay) {
      throw new Error(`${formatEther(balance)} is less than limits.gasPerDay: send some to ${address}`);
    }
    return formatEther(balance);
  });
}

/** What a watcher has to challenge with. It never takes OPG out of its wallet by itself, so no allowance is needed. */
async function checkWatcher(
  { client }: Connection,
  config: WatchConfig,
  signer: BaseWallet,
  check: Checker,
): Promise<void> {
  const { openBonds } = config.watch;
  await checkCoin({ client }, config, signer, check);
  await check("budget for bonds", async () => {
    const bond = await getBond(client);
    if (openBonds < bond) {
      throw new Error(
        `watch.openBonds is ${formatOpg(openBonds)} OPG, and one challenge takes ${formatOpg(bond)}: raise it`,
      );
    }
    return `${formatOpg(openBonds)} OPG, ${openBonds / bond} bonds of ${formatOpg(bond)}`;
  });
  await check("deposit for bonds", async () => {
    const [bond, balance] = await Promise.all([getBond(client), getBondBalance(client, { account: signer.address })]);
    if (balance < bond) {
      const [held, needed] = [formatOpg(balance), formatOpg(bond)];
      throw new Error(
        `${held} OPG in DisputeGame, and one challenge takes ${needed}: deposit some for ${signer.address}`,
      );
    }
    return `${formatOpg(balance)} OPG in DisputeGame, ${balance / bond} bonds of ${formatOpg(bond)}`;
  });
}

/** Whether a watcher can run what it has to check: the versions that its configuration names, or those of recent orders. */
async function checkWatched(
  folder: string,
  config: WatchConfig,
  connection: Connection,
  check: Checker,
): Promise<void> {
  const recent = config.versions === undefined ? await recentlyOrdered(connection, config.chain.logRange) : [];
  if (config.versions === undefined) {
    await check("recent orders", () =>
      recent.length > 0
        ? `versions with a referee: ${recent.length}`
        : `none with a referee in ${config.chain.logRange} blocks: name versions to have them tried`,
    );
  }
  await checkVersions(folder, config, config.versions ?? recent, connection, check);
}

/** Versions with a referee that were ordered in the last blocks, the newest first. */
async function recentlyOrdered({ chain, client }: Connection, blocks: number): Promise<readonly { id: string }[]> {
  const { number } = await chain.head();
  const from = Math.max(0, number - blocks + 1);
  const orders = [
    ...(await findEvents(client, "optimistic", "JobOffered", [], from)),
    ...(await findEvents(client, "market", "JobRequested", [], from)),
  ].sort((one, other) => other.blockNumber - one.blockNumber);
  const judged: { id: string }[] = [];
  for (const id of new Set(orders.map(({ args }) => args.versionId))) {
    if (judged.length === MOST_RECENT) break;
    const version = await chain.version(id);
    if (version !== undefined && version.identity.graphRoot !== ZeroHash) judged.push({ id });
  }
  return judged;
}

async function checkVersions(
  folder: string,
  config: WatchConfig,
  versions: readonly { readonly id: string }[],
  { chain }: Connection,
  check: Checker,
): Promise<void> {
  const { artifacts, fetcher } = createArtifacts(folder, config);
  const log = createLogger("silent", false);
  const runtime = createRuntime(folder, config, log);
  const profile = createProfile(folder, runtime);
  const backend = config.node === undefined ? undefined : createBackend(config);
  const backendCheck = backend === undefined ? undefined : new BackendCheck(backend, runtime);
  const inspector = new Inspector(chain, artifacts, runtime, profile, log, backendCheck);
  if (backend !== undefined) await checkBackend(backend, versions, check);
  if (config.node === undefined) {
    await check("runtime", async () => {
      await profile.checkRuntime();
      return "computes as the profile says";
    });
  }
  for (const { id } of versions) {
    await check(`version ${id.slice(0, 10)}`, async () => {
      const { digest } = await inspector.inspect(id);
      const where = backend?.modelOf(id) === undefined ? "here" : "here and on the backend alike";
      return `runs ${where}, and its golden vector is right; sha-256 ${digest.slice(0, 10)}`;
    });
  }
  await runtime.close();
  await fetcher.close();
}

/** Whether the server elsewhere answers, and has what it is to run. What it computes, the versions show. */
async function checkBackend(
  backend: KserveExecutor,
  versions: readonly { readonly id: string }[],
  check: Checker,
): Promise<void> {
  const { client } = backend;
  await check("backend", async () => {
    const { name, version } = await client.serverMetadata();
    if (!(await client.isReady())) throw new Error(`${name} ${version} answers, and says that it is not ready`);
    for (const { id } of versions) {
      const model = backend.modelOf(id);
      if (model === undefined || (await client.isModelReady({ model: model.name, version: model.version }))) continue;
      throw new Error(`${name} ${version} says that "${model.name}" is not ready: load it, or mend backend.models`);
    }
    return `${name} ${version} is ready`;
  });
}

function isFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, host, () => {
      server.close(() => {
        resolve();
      });
    });
  });
}
