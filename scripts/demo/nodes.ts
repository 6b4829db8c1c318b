/** The nine nodes: their stake on the chain, their data folders, their processes. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { authoriseConsumer, getServing, type Client } from "@opg-protocol/sdk";
import { encryptKeystoreJson, parseEther, Wallet } from "ethers";

import { HOST, type Suite } from "./chain.ts";
import { DIGITS } from "./model.ts";
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

/** Registers a node as its operator would: own stake, a hot key that agrees, and leave for the market to lock stake. */
export async function registerDemoNode(
  suite: Suite,
  treasurer: Client,
  index: number,
  port: number,
  folder: string,
  versionId: string,
): Promise<DemoNode> {
  const operator = roles.operators[index];
  if (operator === undefined) throw new RangeError(`There is no operator ${index}`);
  const { address: node } = operator;
  const isLiar = index === LIAR;
  const stake = isLiar ? LIARS_STAKE : STAKE;
  const signer = Wallet.createRandom();
  const url = `http://${HOST}:${port}`;
  const client = await register(suite, treasurer, operator, { stake, signer, commissionBps: COMMISSION_BPS, url });
  await treasurer.signer?.sendTransaction({ to: signer.address, value: COIN });
  await authoriseConsumer(client, { node, cap: stake });
  await writeFolder(suite, { node, signer, port, folder, versionId });
  return { number: index + 1, node, isLiar, url, folder, stake };
}

/** What the data folder of a node is made of. */
export interface Folder {
  readonly node: string;
  readonly signer: { readonly address: string; readonly privateKey: string };
  readonly port: number;
  readonly folder: string;
  readonly versionId: string;
  /** What else its configuration says of the version, and at its top. */
  readonly version?: object;
  readonly more?: object;
}

/** Writes what an operator would have written: the key in its file, the configuration. */
export async function writeFolder(suite: Suite, given: Folder): Promise<void> {
  const { node, signer, port, folder, versionId, version, more } = given;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const password = "demonstration";
  const { address, privateKey } = signer;
  const keystore = await encryptKeystoreJson({ address, privateKey }, password, { scrypt: SCRYPT });
  const config = {
    node,
    addresses: suite.addresses,
    chain: { rpcUrl: suite.url, confirmations: 1, pollingInterval: 250 },
    versions: [{ id: versionId, ...version }],
    limits: { gasPerDay: "1" },
    fetch: { fileRoots: [DIGITS, join(folder, "..")] },
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
  readonly failure: Promise<never>;
  readonly #fail: (reason: Error) => void;
  readonly #processes: ChildProcess[] = [];

  constructor() {
    const { promise, reject } = Promise.withResolvers<never>();
    // Whoever waits for the nodes races against it; nobody need be waiting when it happens.
    promise.catch(() => undefined);
    this.failure = promise;
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
      if (signal === "SIGTERM" || code === 0) return;
      const end = readFileSync(log, "utf8").trimEnd().split("\n").slice(-5).join("\n");
      this.#fail(new Error(`Node ${number} has stopped (${code ?? signal}):\n${end}`));
    });
    this.#processes.push(daemon);
  }

  stop(): void {
    for (const daemon of this.#processes) daemon.kill("SIGTERM");
  }
}

/** How many of the nodes serve the version on chain. */
export async function countServing(client: Client, nodes: readonly DemoNode[], versionId: string): Promise<number> {
  const servings = await Promise.all(nodes.map(({ node }) => getServing(client, { node, versionId })));
  return servings.filter(({ weight }) => weight > 0n).length;
}
