/** A real chain process with the real suite on it, a published model, and nodes that can be started against it. */
import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { createSocket } from "node:dgram";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";

import {
  authoriseConsumer,
  createClient,
  deposit,
  depositBond,
  encodePayload,
  payloadRoot,
  readAddresses,
  registerModel,
  registerNode,
  releaseVersion,
  requestInference,
  signConsent,
  transferTokens,
  type Addresses,
  type Client,
  type RequestInferenceParameters,
  type Tensor,
} from "@opg-protocol/sdk";
import {
  encryptKeystoreJson,
  getBytes,
  type HDNodeWallet,
  hexlify,
  JsonRpcProvider,
  NonceManager,
  parseEther,
  Wallet,
  ZeroHash,
} from "ethers";
import { InferenceSession, Tensor as RuntimeTensor } from "onnxruntime-node";

export const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
export const DIGITS = join(ROOT, "examples/digits");
export const BIN = join(ROOT, "packages/node/bin/opg-node.js");

const HOST = "127.0.0.1";
const STAKE = parseEther("1000");
/** Wei, of deploy/parameters/local.json5: where the base fee begins, so that no bond depends on the age of a chain. */
const REFERENCE_GAS_PRICE = 1_000_000;
/** What a chain begins with: its state with the suite on it, and where the contracts are. */
const [STATE, ADDRESSES] = ["state.json", "addresses.json"];
const SCRYPT = { N: 2, r: 8, p: 1 };
/** Seconds by which the suite is older than the nodes that come to it, so that their clock can be behind this machine's. */
const SUITE_AGE = 7_200;
/** Of what it takes to make a block, between two blocks. */
const LEAST_PAUSE = 15;
const MOST_SLOWING = 3;
/** How often longer a daemon waits for its turn than it would alone on the machine. */
const slowing = (): number => Math.min(MOST_SLOWING, Math.max(1, (loadavg()[0] ?? 0) / availableParallelism()));

/** A picture that is no digit is an input as good as any. */
export const IMAGE: Tensor = { dtype: 2, shape: [1, 1, 8, 8], data: Uint8Array.from({ length: 64 }, (_, i) => i * 4) };

/** A node that is registered, with a data folder that its daemon can be started in. */
export interface TestNode {
  readonly node: string;
  readonly folder: string;
  readonly url: string;
}

export class TestNetwork {
  readonly versionId: string;
  readonly provider: JsonRpcProvider;
  /** The first account: holds the supply, owns the model, orders. */
  readonly client: Client;
  readonly folder: string;
  /** Where the chain is reached. */
  readonly url: string;
  readonly #chain: ChildProcess;
  #ticking: Promise<void> | undefined;
  #isTicking = false;

  private constructor(
    chain: ChildProcess,
    url: string,
    provider: JsonRpcProvider,
    client: Client,
    folder: string,
    versionId: string,
  ) {
    this.#chain = chain;
    this.url = url;
    this.client = client;
    this.provider = provider;
    this.folder = folder;
    this.versionId = versionId;
  }

  /**
   * Starts a chain that makes a block for each transaction and has the deployed suite on it, and publishes the digits model.
   * @param behind Seconds by which the chain's clock is behind this machine's, less than the suite is old.
   * @param flags More flags of the chain process.
   */
  static async start(behind = 0, flags: readonly string[] = []): Promise<TestNetwork> {
    const folder = mkdtempSync(join(tmpdir(), "opg-node-test-"));
    const suite = process.env.OPG_TEST_SUITE ?? (await deploySuite(folder));
    const { chain, url } = await startChain(behind, ["--load-state", join(suite, STATE), ...flags]);
    const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, pollingInterval: 50 });
    const addresses = readAddresses(JSON.parse(readFileSync(join(suite, ADDRESSES), "utf8")));
    const signer = new NonceManager(await provider.getSigner(0));
    const client = await createClient({ provider, signer, addresses });
    const versionId = await publish(client, folder);
    await deposit(client, { amount: parseEther("10000") });
    return new TestNetwork(chain, url, provider, client, folder, versionId);
  }

  /** Registers, stakes and authorises, and writes a data folder. */
  async addNode(index: number, changes: Record<string, unknown> = {}, stake = STAKE): Promise<TestNode> {
    const owner = await this.provider.getSigner(index);
    const node = owner.address;
    const port = await freePort();
    const url = `http://${HOST}:${port}`;
    const signer = Wallet.createRandom();
    await transferTokens(this.client, { to: node, amount: stake });
    await this.client.signer?.sendTransaction({ to: signer.address, value: parseEther("10") });
    const { addresses } = this.client;
    const client = await createClient({ provider: this.provider, signer: new NonceManager(owner), addresses });
    const consent = await signConsent(client, { node, signer });
    await registerNode(client, {
      ownStake: stake,
      signer: signer.address,
      consent,
      commissionBps: 0,
      metadataURI: url,
    });
    await authoriseConsumer(client, { node, cap: stake });
    await authoriseConsumer(client, { node, consumer: addresses.optimistic, cap: stake });
    const config = {
      node,
      addresses: { ...addresses },
      chain: { rpcUrl: this.url, confirmations: 1, pollingInterval: 50 },
      versions: [{ id: this.versionId }],
      limits: { gasPerDay: "5" },
      fetch: { fileRoots: [DIGITS, this.folder] },
      http: { host: HOST, port },
      ...changes,
    };
    return { node, folder: await this.makeFolder(`node-${index}`, signer, config), url };
  }

  /** Gives an account coin and bonds, and writes a data folder for who only watches. */
  async addWatcher(bonds: bigint, changes: Record<string, unknown> = {}): Promise<TestNode> {
    const signer = Wallet.createRandom();
    const port = await freePort();
    const { addresses } = this.client;
    await depositBond(this.client, { account: signer.address, amount: bonds });
    await this.client.signer?.sendTransaction({ to: signer.address, value: parseEther("10") });
    const config = {
      addresses: { ...addresses },
      chain: { rpcUrl: this.url, confirmations: 1, pollingInterval: 50 },
      limits: { gasPerDay: "5" },
      fetch: { fileRoots: [DIGITS, this.folder] },
      http: { host: HOST, port },
      ...changes,
    };
    const folder = await this.makeFolder("watcher", signer, config);
    return { node: signer.address, folder, url: `http://${HOST}:${port}` };
  }

  private async makeFolder(name: string, signer: HDNodeWallet, config: object): Promise<string> {
    const folder = join(this.folder, name);
    mkdirSync(folder, { mode: 0o700 });
    const { address, privateKey } = signer;
    const keystore = await encryptKeystoreJson({ address, privateKey }, "password", { scrypt: SCRYPT });
    writeFileSync(join(folder, "signer.json"), keystore, { mode: 0o600 });
    writeFileSync(join(folder, "signer.password"), "password", { mode: 0o600 });
    writeFileSync(join(folder, "node.json5"), JSON.stringify(config));
    return folder;
  }

  /** A client of an account of the chain. */
  async clientOf(index: number): Promise<Client> {
    const signer = new NonceManager(await this.provider.getSigner(index));
    return createClient({ provider: this.provider, signer, addresses: this.client.addresses });
  }

  /** Orders a run, by default the reading of the image. */
  order(changes: Partial<RequestInferenceParameters> = {}, tensors: readonly Tensor[] = [IMAGE]) {
    return requestInference(this.client, {
      versionId: this.versionId,
      input: { tensors },
      seatPrice: parseEther("1"),
      quorum: 2,
      collateralFactor: 8,
      sealPeriod: 3,
      ...changes,
    });
  }

  /** Mines one block, one second after the last. */
  async tick(): Promise<void> {
    const latest = await this.provider.getBlock("latest");
    await this.provider.send("evm_mine", [(latest?.timestamp ?? 0) + 1]);
  }

  /** Mines one block with this machine's time, if the chain is behind it: what nodes sign has that. */
  async catchUp(): Promise<void> {
    const latest = await this.provider.getBlock("latest");
    const now = Math.floor(Date.now() / 1_000);
    if ((latest?.timestamp ?? 0) < now) await this.provider.send("evm_mine", [now]);
  }

  /** Waits until so many blocks have come. */
  async passed(blocks: number): Promise<void> {
    const last = (await this.provider.getBlockNumber()) + blocks;
    await eventually(`block ${last} comes`, async () => (await this.provider.getBlockNumber()) >= last);
  }

  /**
   * Lets the chain run faster than life: one block, one second, every so many milliseconds, and slower where the machine is
   * busy. A clock of the protocol leaves daemons the same room everywhere.
   * @param ready What each block waits for.
   */
  run(period = 100, ready: () => Promise<unknown> = () => Promise.resolve()): void {
    this.#isTicking = true;
    this.#ticking = (async () => {
      while (this.#isTicking) {
        await ready();
        const begunAt = performance.now();
        await this.tick();
        await sleep(Math.max(slowing() * period, LEAST_PAUSE * (performance.now() - begunAt)));
      }
    })();
  }

  async pause(): Promise<void> {
    this.#isTicking = false;
    await this.#ticking;
  }

  /** Replaces the last blocks by as many empty ones. */
  async reorganise(depth: number): Promise<void> {
    await this.provider.send("anvil_reorg", [depth, []]);
    (this.client.signer as NonceManager).reset(); // what it had sent may be gone
  }

  /** Takes the last blocks away: what is mined next is in their place. */
  async rollBack(depth: number): Promise<void> {
    await this.provider.send("anvil_rollback", [depth]);
    (this.client.signer as NonceManager).reset();
  }

  /** Waits until all nodes weigh in draws, and until that counts. From then on blocks come by `tick` and `run` alone. */
  async serving(nodes: readonly TestNode[], versionId = this.versionId): Promise<void> {
    await eventually("all nodes serve", async () => {
      const weights = await Promise.all(
        nodes.map(({ node }) => this.client.market.servingOf(node, versionId).then(({ weight }) => weight)),
      );
      return weights.every((weight) => weight > 0n);
    });
    await this.provider.send("evm_setAutomine", [false]);
    for (let second = 0; second < 5; second += 1) await this.tick();
  }

  async stop(): Promise<void> {
    await this.pause();
    this.provider.destroy();
    stopChain(this.#chain);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Looks again and again until it is true. The bound is for what never comes: a loaded machine has time. */
export async function eventually(what: string, isTrue: () => Promise<boolean>, seconds = 300): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`Not within ${seconds} s: ${what}`);
    await sleep(50);
  }
}

/** A port that no test gets besides this one, though test files run side by side and it is bound later. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, HOST, resolve);
    });
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    if (await holds(port)) return port;
  }
}

/** Takes the port's number for as long as this process lives: nothing here speaks UDP, so that is where it is marked. */
function holds(port: number): Promise<boolean> {
  const mark = createSocket("udp4").unref();
  return new Promise((resolve) => {
    mark.once("error", () => {
      resolve(false);
    });
    mark.bind({ port, address: HOST, exclusive: true }, () => {
      resolve(true);
    });
  });
}

async function answering(url: string): Promise<void> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
  const headers = { "content-type": "application/json" };
  await eventually("the chain answers", () =>
    fetch(url, { method: "POST", headers, body }).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
}

/** Starts a chain process of which the clock is so many seconds behind this machine's. */
async function startChain(
  behind: number,
  flags: readonly string[] = [],
): Promise<{ chain: ChildProcess; url: string }> {
  const port = await freePort();
  const url = `http://${HOST}:${port}`;
  const usual = ["--port", `${port}`, "--accounts", "20", "--block-base-fee-per-gas", `${REFERENCE_GAS_PRICE}`];
  const clock = behind > 0 ? ["--timestamp", `${Math.floor(Date.now() / 1_000) - behind}`] : [];
  const chain = spawn(join(ROOT, "node_modules/.bin/anvil"), [...usual, ...clock, ...flags], {
    stdio: "ignore",
    detached: true, // its launcher starts another process: they are stopped as a group
  });
  await answering(url);
  return { chain, url };
}

function stopChain({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, "SIGKILL");
}

/** Deploys the suite on a chain of its own, and leaves in the folder what other chains begin with. Gives the folder back. */
export async function deploySuite(folder: string): Promise<string> {
  const { chain, url } = await startChain(SUITE_AGE);
  const provider = new JsonRpcProvider(url);
  try {
    writeFileSync(join(folder, ADDRESSES), JSON.stringify(await deploy(url)));
    const state = (await provider.send("anvil_dumpState", [])) as string;
    writeFileSync(join(folder, STATE), gunzipSync(getBytes(state)));
    return folder;
  } finally {
    provider.destroy();
    stopChain(chain);
  }
}

/** The modules that any deployment uses. Hardhat finds its configuration by the working directory, when it is loaded. */
async function deploy(url: string): Promise<Addresses> {
  const folder = process.cwd();
  process.chdir(ROOT);
  const { network } = await import("hardhat");
  process.chdir(folder);
  const { addressesOf } = await import("../../../../deploy/addresses.ts");
  const { default: ProtocolModule } = await import("../../../../deploy/modules/Protocol.ts");
  const connection = await network.create({ network: "localhost", override: { url } });
  const parameters = join(ROOT, "deploy/parameters/local.json5");
  const deploymentId = `test-${new URL(url).port}`;
  const deployed = await connection.ignition.deploy(ProtocolModule, {
    parameters,
    deploymentId,
    // The chain mines at once; by default every step would wait a second.
    config: { blockPollingInterval: 20 },
  });
  rmSync(join(ROOT, "deploy/deployments", deploymentId), { recursive: true });
  const addresses = await addressesOf(deployed);
  await connection.close();
  return addresses;
}

async function publish(client: Client, folder: string): Promise<string> {
  const path = join(DIGITS, "digits.onnx");
  const artifact = readFileSync(path);
  const metadata = Buffer.from(JSON.stringify({ golden: { input: hexlify(encodePayload([IMAGE])) } }));
  const metadataPath = join(folder, "metadata.json");
  writeFileSync(metadataPath, metadata);
  const { modelId } = await registerModel(client, { slug: "digits" });
  const { versionId } = await releaseVersion(client, {
    modelId,
    identity: {
      artifactDigest: sha256(artifact),
      artifactSize: BigInt(artifact.length),
      format: "onnx",
      inputs: [{ name: "image", dtype: 2, shape: [1, 1, 8, 8] }],
      outputs: [{ name: "logits", dtype: 1, shape: [1, 10] }],
      profile: ZeroHash,
      graphRoot: ZeroHash,
    },
    release: {
      major: 1,
      minor: 0,
      goldenInputRoot: payloadRoot([IMAGE]),
      goldenOutputRoot: payloadRoot(await run(artifact)),
      licence: "MIT",
      uris: [pathToFileURL(path).href],
      metadataURI: pathToFileURL(metadataPath).href,
      metadataHash: sha256(metadata),
    },
  });
  return versionId;
}

/** ONNX Runtime as anybody would call it: what the node's own process must agree with. */
export async function run(artifact: Uint8Array): Promise<Tensor[]> {
  const session = await InferenceSession.create(artifact);
  const { logits } = await session.run({ image: new RuntimeTensor("uint8", IMAGE.data, [1, 1, 8, 8]) });
  if (logits === undefined) throw new Error("The model has no output `logits`");
  const { buffer, byteOffset, byteLength } = logits.data as Float32Array;
  return [{ dtype: 1, shape: logits.dims, data: new Uint8Array(buffer, byteOffset, byteLength).slice() }];
}

export const sha256 = (bytes: Uint8Array): string => `0x${createHash("sha256").update(bytes).digest("hex")}`;
