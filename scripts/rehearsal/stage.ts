/** A network of deploy/networks/ on this machine: its chain, a deployer with coins, and a proxy in between. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { toQuantity, type HDNodeWallet } from "ethers";

import { networksFolder, readNetworks, rpcVariable, type NetworkFile } from "../suite/networks.ts";
import { ROOT, startSuite, suite, type Chain, type Report, type Running } from "./processes.ts";
import { ask, Proxy } from "./rpc.ts";

/** Under this name nobody deploys anything. */
const DEPLOYMENT = "rehearsal";
const COINS = toQuantity(10n ** 18n);

export class Stage {
  readonly network: NetworkFile;
  readonly chain: Chain;
  readonly proxy: Proxy;
  readonly deployer: HDNodeWallet;
  private readonly folder: string;

  private constructor(network: NetworkFile, chain: Chain, proxy: Proxy, deployer: HDNodeWallet) {
    this.network = network;
    this.chain = chain;
    this.proxy = proxy;
    this.deployer = deployer;
    this.folder = mkdtempSync(join(tmpdir(), "opg-networks-"));
    this.change({});
  }

  /** `start` must give a chain with the number of the network. */
  static async of(name: string, start: (chainId: number) => Promise<Chain>, deployer: HDNodeWallet): Promise<Stage> {
    const network = readNetworks(networksFolder()).find((candidate) => candidate.name === name);
    if (network === undefined) throw new Error(`There is no network ${name}`);
    const chain = await start(network.chainId);
    await ask(chain.url, "hardhat_setBalance", [deployer.address, COINS]);
    const stage = new Stage(network, chain, await Proxy.before(chain.url), deployer);
    stage.sweep();
    return stage;
  }

  /** Lets the suite see another file of this network. */
  change(fields: Partial<NetworkFile>): void {
    const { name, ...file } = { ...this.network, ...fields };
    writeFileSync(join(this.folder, `${name}.json5`), JSON.stringify(file));
  }

  /** A command of the suite on this network, which must end with this code. */
  run(args: readonly string[], exitCode = 0, secrets: Readonly<Record<string, string>> = {}): Promise<Report> {
    return suite(this.args(args), { ...this.env(), ...secrets }, exitCode);
  }

  /** A command that can be stopped. */
  start(args: readonly string[]): Running {
    return startSuite(this.args(args), this.env());
  }

  ask(method: string, params: readonly unknown[] = []): Promise<unknown> {
    return ask(this.chain.url, method, params);
  }

  async close(): Promise<void> {
    this.proxy.close();
    await this.chain.stop();
    rmSync(this.folder, { recursive: true });
    this.sweep();
  }

  private args(args: readonly string[]): string[] {
    return [...args, "--network", this.network.name, "--deployment", DEPLOYMENT];
  }

  private env(): Readonly<Record<string, string>> {
    const { name } = this.network;
    return { SUITE_NETWORKS: this.folder, DEPLOYER_KEY: this.deployer.privateKey, [rpcVariable(name)]: this.proxy.url };
  }

  /** What a rehearsal leaves is no deployment. */
  private sweep(): void {
    const { name, chainId } = this.network;
    rmSync(join(ROOT, "deploy/deployments", `${name}-${DEPLOYMENT}`), { recursive: true, force: true });
    rmSync(join(ROOT, "deployments", String(chainId), `${DEPLOYMENT}.json`), { force: true });
  }
}
