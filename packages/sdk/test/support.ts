import { readdirSync } from "node:fs";

import { getAddress, id, type InterfaceAbi, type Provider, type TransactionReceipt } from "ethers";

import type { Addresses } from "../src/addresses.ts";
import type { Client } from "../src/client.ts";
import { connectContracts, interfaces } from "../src/contracts.ts";
import type { RawLog } from "../src/events.ts";

/** An address that the name stands for. */
export const addressOf = (name: string): string => getAddress(id(name).slice(0, 42));

export const ADDRESSES: Addresses = {
  token: addressOf("token"),
  access: addressOf("access"),
  mandates: addressOf("mandates"),
  registry: addressOf("registry"),
  staking: addressOf("staking"),
  commitments: addressOf("commitments"),
  policy: addressOf("policy"),
  refereedPolicy: addressOf("refereedPolicy"),
  disputes: addressOf("disputes"),
  auditRoster: addressOf("auditRoster"),
  optimisticPolicy: addressOf("optimisticPolicy"),
  optimistic: addressOf("optimistic"),
  receipts: addressOf("receipts"),
  sessions: addressOf("sessions"),
  prices: addressOf("prices"),
  sessionLens: addressOf("sessionLens"),
  scheduler: addressOf("scheduler"),
  jobChain: addressOf("jobChain"),
  inferenceLens: addressOf("inferenceLens"),
  optimisticLens: addressOf("optimisticLens"),
  market: addressOf("market"),
  relay: addressOf("relay"),
  timelock: addressOf("timelock"),
  governor: addressOf("governor"),
  pauseGuardian: addressOf("pauseGuardian"),
  distribution: addressOf("distribution"),
};

/** The ABI of each module that the package has one for, by contract. */
export async function publishedAbis(): Promise<readonly (readonly [contract: string, abi: InterfaceAbi])[]> {
  const folder = new URL("../src/abi/", import.meta.url);
  const modules = readdirSync(folder).map(async (file) => {
    const module = (await import(new URL(file, folder).href)) as Readonly<Record<string, InterfaceAbi>>;
    return Object.entries(module).map(([name, abi]) => [name.replace(/Abi$/, ""), abi] as const);
  });
  return (await Promise.all(modules)).flat();
}

/** A log as a provider gives it. */
export function logOf(contract: keyof Addresses, name: string, args: readonly unknown[], blockNumber = 7): RawLog {
  const fragment = interfaces[contract].fragments.find(
    (item) => item.type === "event" && item.format().startsWith(`${name}(`),
  );
  if (fragment === undefined) throw new Error(`${contract} has no event ${name}`);
  const { topics, data } = interfaces[contract].encodeEventLog(fragment.format(), [...args]);
  return {
    address: ADDRESSES[contract],
    topics,
    data,
    blockNumber,
    blockHash: id(`block ${blockNumber}`),
    transactionHash: id("transaction"),
    index: 3,
  };
}

/** A receipt with these logs. */
export function receiptOf(logs: readonly RawLog[], status = 1): TransactionReceipt {
  return { hash: id("transaction"), blockNumber: 7, gasUsed: 21_000n, status, logs } as unknown as TransactionReceipt;
}

/** A client of a provider of which only what a test gives exists. */
export function clientOf(provider: Partial<Provider>, changes: Partial<Client> = {}): Client {
  const given = provider as Provider;
  return {
    chainId: 31_337n,
    addresses: ADDRESSES,
    provider: given,
    signer: undefined,
    account: undefined,
    faucet: undefined,
    startBlock: 0,
    logRange: 10,
    ...connectContracts(ADDRESSES, given),
    ...changes,
  };
}
