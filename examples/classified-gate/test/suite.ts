/** The suite that `npm run chain` has started in the repository, and how a test waits for what others do there. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { type Client, createClient, getOptimisticRecord, OptimisticState, readDeployment } from "@opg-protocol/sdk";
import { ContractFactory, JsonRpcProvider } from "ethers";
import { artifacts } from "hardhat";

/** Milliseconds between looks at the chain. */
const POLLING = 100;

/** What `npm run chain` says of its chain beyond the deployment. */
interface Served {
  readonly versions: Readonly<Record<"digits" | "volatility", string>>;
  readonly node: string;
}

/** A chain with the suite, a model of it, and a node that answers. */
export interface Suite {
  readonly provider: JsonRpcProvider;
  /** Versions that the node answers alone, by name of their model. */
  readonly versions: Served["versions"];
  readonly node: string;
  /** Acts for an account of the development chain. */
  as(account: number): Promise<Client>;
}

export function connect(): Suite {
  const { OPG_RPC_URL: url, OPG_DEPLOYMENT: path } = process.env;
  if (url === undefined || path === undefined) {
    throw new Error("Set OPG_RPC_URL and OPG_DEPLOYMENT to what `npm run chain` prints in the repository.");
  }
  const file = JSON.parse(readFileSync(path, "utf8")) as Served;
  const deployment = readDeployment(file);
  const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, pollingInterval: POLLING });
  const as = async (account: number) =>
    createClient({ provider, signer: await provider.getSigner(account), ...deployment });
  return { provider, versions: file.versions, node: file.node, as };
}

/** Deploys a contract of this example as the client's account. */
export async function deploy({ signer }: Client, name: string, args: readonly unknown[], value = 0n) {
  const { abi, bytecode } = await artifacts.readArtifact(name);
  const contract = await new ContractFactory(abi, bytecode, signer).deploy(...args, { value });
  return contract.waitForDeployment();
}

/** Seconds of the chain's clock, which need not be those of this machine. */
export async function now({ provider }: Pick<Suite, "provider">): Promise<number> {
  const block = await provider.getBlock("latest");
  assert.ok(block);
  return block.timestamp;
}

/** Moves the chain's clock; only a development chain can do that. */
export async function passTime({ provider }: Pick<Suite, "provider">, seconds: number): Promise<void> {
  await provider.send("evm_increaseTime", [seconds]);
  await provider.send("evm_mine", []);
}

/** Waits until somebody else has done something. */
export async function until(isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) await sleep(POLLING);
}

/** Waits until the node has answered, lets the window of disputes pass, and waits until the node has delivered. */
export async function untilDelivered(suite: Suite, client: Client, jobId: string): Promise<void> {
  const recordOf = () => getOptimisticRecord(client, { jobId });
  await until(async () => (await recordOf()).state === OptimisticState.Stated);
  const { since: disputableUntil } = await recordOf();
  await passTime(suite, disputableUntil - (await now(suite)));
  await until(async () => (await recordOf()).delivered);
  assert.equal((await recordOf()).state, OptimisticState.Answered);
}
