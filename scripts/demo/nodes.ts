/** The nodes: their stake on the chain, their data folders, their processes. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { type Addresses, authoriseConsumer, getServing, type Client } from "@opg-protocol/sdk";
import { encryptKeystoreJson, type HDNodeWallet, parseEther, Wallet } from "ethers";

import { HOST, type Suite } from "./chain.ts";
import { EXAMPLES } from "./publish.ts";
import { register } from "./register.ts";
import { LIAR, roles } from "./roles.ts";

/** What an honest node stakes. */
const STAKE = parseEther("1000");
/** What the liar stakes: a third of what all nine stake together. */
const LIARS_STAKE = parseEther("4000");
const COIN = parseEther("10");
const COMMISSION_BPS = 1_000;
/** Least work to guess a password; these keys live for a minute and are worth nothing. */
const SCRYPT = { N: 2, r: 8, p: 1 };
const DAEMON = fileURLToPath(new URL("../../packages/node/bin/opg-node.js", import.meta.url));
const LYING_DAEMON = fileURLToPath(new URL("liar.ts", import.meta.url));

/** A node of the demonstration. */
export interface DemoNode {
  /** From 1. */
  readonly number: number;
  /** Its id on chain. */
  readonly node: string;
  readonly isLiar: boolean;
  /** Where it serves outputs. */
  readonly url: string;
  readonly folder: string;
  readonly stake: bigint;
}

/** Registers a node as its operator would, with leave for the market to lock stake. */
export async function registerDemoNode(
  suite: Suite,
  treasurer: Client,
  index: number,
  port: number,
  folder: string,
  versionId: string,
): Promise<DemoNode> {
  const isLiar = index === LIAR;
  const stake = isLiar ? LIARS_STAKE : STAKE;
  const { node, url } = await equipNode(suite, treasurer, {
    index,
    stake,
    commissionBps: COMMISSION_BPS,
    consumers: ["market"],
    port,
    folder,
    versions: [{ id: versionId }],
  });
  return { number: index + 1, node, isLiar, url, folder, stake };
}

/** What a node is equipped with. */
export interface Equipment {
  /** Of its operator among the roles. */
  readonly index: number;
  /** OPG, base units; all of it can answer for what the node states. */
  readonly stake: bigint;
  readonly commissionBps: number;
  /** Which contracts can lock its stake. */
  readonly consumers: readonly (keyof Addresses)[];
  readonly port: number;
  /** Of its data. */
  readonly folder: string;
  /** As its configuration names them. */
  readonly versions: readonly object[];
  /** What else its configuration says. */
  readonly more?: object;
}

/** A node on chain, and where it answers over HTTP. */
export interface EquippedNode {
  readonly node: string;
  readonly url: string;
}

/** Does all that an operator does before a node can be started: stake, a hot key that agrees, leave to lock, a data folder. */
export async function equipNode(suite: Suite, treasurer: Client, given: Equipment): Promise<EquippedNode> {
  const { index, stake, commissionBps, consumers, port } = given;
  const operator = roles.operators[index];
  if (operator === undefined) throw new RangeError(`There is no operator ${index}`);
  const { address: node } = operator;
  const signer = Wallet.createRandom();
  const url = `http://${HOST}:${port}`;
  const client = await register(suite, treasurer, operator, { stake, signer, commissionBps, url });
  await treasurer.signer?.sendTransaction({ to: signer.address, value: COIN });
  for (const consumer of consumers) {
    await authoriseConsumer(client, { node, consumer: suite.addresses[consumer], cap: stake });
  }
  await writeFolder(suite, node, signer, given);
  return { node, url };
}

/** Writes what an operator would have written: the key in its file, the configuration. */
async function writeFolder(
  suite: Suite,
  node: string,
  { address, privateKey }: HDNodeWallet,
  { port, folder, versions, more }: Equipment,
): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const password = "demonstration";
  const keystore = await encryptKeystoreJson({ address, privateKey }, password, { scrypt: SCRYPT });
  const config = {
    node,
    addresses: suite.addresses,
    chain: { rpcUrl: suite.url, confirmations: 1, pollingInterval: 250 },
    versions,
    limits: { gasPerDay: "1" },
    // Files lie on this machine: in folders, and where the explorer is served.
    fetch: { fileRoots: [EXAMPLES, join(folder, "..")], allowPrivateHosts: true },
    http: { host: HOST, port },
    ...more,
  };
  writeFileSync(join(folder, "signer.password"), password, { mode: 0o600 });
  writeFileSync(join(folder, "signer.json"), keystore, { mode: 0o600 });
  writeFileSync(join(folder, "node.json5"), JSON.stringify(config, null, 2));
}

/** Daemons that run as processes of their own. */
export class Daemons {
  /** Rejects when a daemon ends that was not stopped. */
  readonly #failure: Promise<never>;
  readonly #fail: (reason: Error) => void;
  readonly #processes: ChildProcess[] = [];
  #isStopped = false;

  constructor() {
    const { promise, reject } = Promise.withResolvers<never>();
    // Nobody need be waiting when it happens.
    promise.catch(() => undefined);
    this.#failure = promise;
    this.#fail = reject;
  }

  /** @param lie The one run in which a liar lies; every one unless given. */
  start({ folder, number, isLiar }: Pick<DemoNode, "folder" | "number" | "isLiar">, lie?: number): void {
    const log = join(folder, "node.log");
    const output = openSync(log, "w");
    const lies = lie === undefined ? [] : [String(lie)];
    const args = isLiar ? [LYING_DAEMON, folder, ...lies] : [DAEMON, "--data", folder, "start"];
    const daemon = spawn(process.execPath, args, { stdio: ["ignore", output, output] });
    daemon.once("exit", (code, signal) => {
      if (this.#isStopped || signal === "SIGTERM" || code === 0) return;
      const end = readFileSync(log, "utf8").trimEnd().split("\n").slice(-5).join("\n");
      this.#fail(new Error(`Node ${number} has stopped (${code ?? signal}):\n${end}`));
    });
    this.#processes.push(daemon);
  }

  /**
   * Waits for what takes the daemons.
   * @throws what one of them said last, if it ends before.
   */
  until<Found>(work: Promise<Found>): Promise<Found> {
    return Promise.race([work, this.#failure]);
  }

  stop(): void {
    this.#isStopped = true;
    for (const daemon of this.#processes) daemon.kill("SIGTERM");
  }
}

/** How many of the nodes serve the version on chain. */
export async function countServing(client: Client, nodes: readonly DemoNode[], versionId: string): Promise<number> {
  const servings = await Promise.all(nodes.map(({ node }) => getServing(client, { node, versionId })));
  return servings.filter(({ weight }) => weight > 0n).length;
}
