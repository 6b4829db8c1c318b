import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

import { formatOpg, getAuthorisation, getNode, getStakingTerms, type StakingNode } from "@opg-protocol/sdk";
import { formatEther, type BaseWallet } from "ethers";

import { connect, type Connection } from "../chain/connect.ts";
import { inFolder, loadConfig, type Config } from "../config/Config.ts";
import { createArtifacts, createProfile, createRuntime } from "../Equipment.ts";
import { loadSigner } from "../keys/Keystore.ts";
import { createLogger } from "../log.ts";
import { Inspector } from "../offer/Inspector.ts";
import { isRunning, readStatus } from "../status/Status.ts";
import { ExitCode } from "./exits.ts";
import type { Printing } from "./status.ts";
import { printTable } from "./table.ts";

/** Seconds by which the chain's head may lag behind this machine's clock. */
const CLOCK_TOLERANCE = 120;

/** One thing that a node needs: what was found, or what is missing and how to mend it. */
interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Checks all that a node needs, each thing by itself, and prints what is missing. Gives the exit code. */
export async function doctor(folder: string, { json }: Printing): Promise<number> {
  const config = loadConfig(folder);
  const checks: Check[] = [];
  const check = async (name: string, find: () => string | Promise<string>): Promise<void> => {
    try {
      checks.push({ name, ok: true, detail: await find() });
    } catch (error) {
      checks.push({ name, ok: false, detail: error instanceof Error ? error.message : String(error) });
    }
  };
  const connection = await connect(config);
  try {
    const signer = await loadSigner(inFolder(folder, config.key.file), inFolder(folder, config.key.passwordFile));
    await checkMachine(folder, config, check);
    await checkChain(connection, check);
    await checkNode(connection, config, signer, check);
    await checkVersions(folder, config, connection, check);
  } finally {
    connection.close();
  }
  const healthy = checks.every(({ ok }) => ok);
  if (json === true) process.stdout.write(`${JSON.stringify({ healthy, checks }, null, 2)}\n`);
  else printTable(checks.map(({ name, ok, detail }) => [ok ? "ok" : "MISSING", name, detail]));
  return healthy ? ExitCode.Success : ExitCode.Unhealthy;
}

type Checker = (name: string, find: () => string | Promise<string>) => Promise<void>;

async function checkMachine(folder: string, config: Config, check: Checker): Promise<void> {
  await check("secret", () => {
    const path = join(folder, "secret");
    if (!existsSync(path)) throw new Error(`${path} is missing: put your copy back, or reveals of open seals are lost`);
    return path;
  });
  await check("port of outputs", async () => {
    const daemon = readStatus(folder);
    if (daemon !== undefined && isRunning(daemon)) return `served at ${daemon.url}`;
    await isFree(config.http.host, config.http.port);
    return `${config.http.host}:${config.http.port} is free`;
  });
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
  await check("coin for gas", async () => {
    const balance = await client.provider.getBalance(signer.address);
    if (balance < config.limits.gasPerDay) {
      throw new Error(`${formatEther(balance)} is less than limits.gasPerDay: send some to ${signer.address}`);
    }
    return formatEther(balance);
  });
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
  if (config.versions.every(({ alone }) => alone === undefined)) return;
  await check("market for one node authorised", async () => {
    const { cap } = await getAuthorisation(client, { node: config.node, consumer: client.addresses.optimistic });
    if (cap === 0n) throw new Error("the owner has yet to call NodeStaking.authorise for OptimisticMarketplace");
    return `up to ${formatOpg(cap)} OPG`;
  });
}

async function checkVersions(folder: string, config: Config, { chain }: Connection, check: Checker): Promise<void> {
  const log = createLogger("silent", false);
  const { artifacts, fetcher } = createArtifacts(folder, config);
  const runtime = createRuntime(folder, config, log);
  const inspector = new Inspector(chain, artifacts, runtime, createProfile(folder, runtime));
  for (const { id } of config.versions) {
    await check(`version ${id.slice(0, 10)}`, async () => {
      const { digest } = await inspector.inspect(id);
      return `runs here, and its golden vector is right; sha-256 ${digest.slice(0, 10)}`;
    });
  }
  await runtime.close();
  await fetcher.close();
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
