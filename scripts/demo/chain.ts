/** The chain in this process, and the suite on it. */
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { chainTime, createClient, type Addresses, type Client } from "@opg-protocol/sdk";
import { JsonRpcProvider, NonceManager, type HDNodeWallet, type Provider, type TransactionReceipt } from "ethers";
import { network } from "hardhat";

import { addressesOf } from "../../deploy/addresses.ts";
import ProtocolModule from "../../deploy/modules/Protocol.ts";

export const HOST = "127.0.0.1";
const DEPLOYMENT = "local";
/** Milliseconds. The chain mines at once; by default every step of the deployment would wait a second. */
const POLLING_INTERVAL = 20;
/** Milliseconds between two looks at the chain. */
export const POLLING = 250;
const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** A port that the demonstration needs is used by somebody else. */
export class PortTakenError extends Error {
  constructor(port: number, count: number) {
    super(
      `Port ${port} is taken. Stop what uses it, or choose ${count} free ports in a row: npm start -- --port NUMBER`,
    );
    this.name = "PortTakenError";
  }
}

/** Finds out before anything is started whether all ports from `first` on are free. */
export async function checkPorts(first: number, count: number): Promise<void> {
  for (let port = first; port < first + count; port += 1) {
    await new Promise<void>((resolve, reject) => {
      const probe = createServer();
      probe.once("error", () => {
        reject(new PortTakenError(port, count));
      });
      probe.listen(port, HOST, () => {
        probe.close(() => {
          resolve();
        });
      });
    });
  }
}

/** A chain with the deployed suite. */
export interface Place {
  readonly addresses: Addresses;
  readonly provider: Provider;
}

/** The same, running in this process. */
export interface Suite extends Place {
  readonly provider: JsonRpcProvider;
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a chain that makes blocks by itself, and deploys everything with the same Ignition modules as anywhere else. */
export async function startSuite(port: number): Promise<Suite> {
  const server = await network.createServer("local", HOST, port);
  await server.listen();
  const url = `http://${HOST}:${port}`;
  const connection = await network.create({ network: "localhost", override: { url } });
  // A new chain needs a new journal.
  rmSync(root(`deploy/deployments/${DEPLOYMENT}`), { recursive: true, force: true });
  const deployed = await connection.ignition.deploy(ProtocolModule, {
    deploymentId: DEPLOYMENT,
    parameters: root("deploy/parameters/local.json5"),
    config: { blockPollingInterval: POLLING_INTERVAL },
  });
  const addresses = await addressesOf(deployed);
  await connection.close();
  const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, pollingInterval: POLLING });
  const close = async (): Promise<void> => {
    provider.destroy();
    await server.close();
  };
  return { url, addresses, provider, close };
}

/** What an account does through the SDK. */
export function clientOf({ provider, addresses }: Place, wallet: HDNodeWallet): Promise<Client> {
  return createClient({ provider, addresses, signer: new NonceManager(wallet.connect(provider)) });
}

/** Asks until something is there. */
export async function eventually<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(POLLING);
  }
}

/** Waits until the chain has come to a time, unix seconds. */
export async function untilTime(provider: Provider, timestamp: number): Promise<void> {
  while ((await chainTime({ provider })) < timestamp) await sleep(POLLING);
}

/**
 * Brings the chain's clock up to ours. On a busy machine it falls behind, and what a node has signed a moment ago would be of the
 * future for it.
 */
export async function catchUp(provider: JsonRpcProvider): Promise<void> {
  const lag = Math.ceil(Date.now() / 1_000) - (await chainTime({ provider }));
  if (lag <= 0) return;
  await provider.send("evm_increaseTime", [lag]);
  await provider.send("evm_mine", []);
}

/** The receipt of a transaction that was mined. */
export async function receiptOf(provider: Provider, transactionHash: string): Promise<TransactionReceipt> {
  const receipt = await provider.getTransactionReceipt(transactionHash);
  if (receipt === null) throw new Error(`The chain has lost transaction ${transactionHash}`);
  return receipt;
}
