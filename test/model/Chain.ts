import { toQuantity } from "ethers";

import type { ToldLog } from "./retelling/Retelling.ts";
import { type ContractName, INTERFACES } from "./views.ts";

/** As much of a provider as is needed here. */
export interface Provider {
  request(request: { method: string; params: unknown[] }): Promise<unknown>;
}

/** More than any step needs. */
const GAS = toQuantity(4_000_000);

/** What became of a transaction. */
interface Sent {
  readonly hash?: string;
  readonly revert?: string;
}

interface Log {
  readonly topics: readonly string[];
  readonly data: string;
}

interface MinedLog extends Log {
  readonly address: string;
  readonly blockNumber: string;
  readonly blockTimestamp: string;
}

/** The contracts, on a chain whose clock obeys. */
export class Chain {
  private readonly calldata = new Map<string, string>();

  constructor(
    private readonly provider: Provider,
    private readonly addresses: Readonly<Record<ContractName, string>>,
  ) {}

  /** Mines empty blocks, all at `time`, and has the next block be at `time`, too. */
  async passTime(blocks: number, time: number): Promise<void> {
    for (let i = 0; i < blocks; i++) {
      await this.setTime(time);
      await this.request("evm_mine");
    }
    await this.setTime(time);
  }

  /** Sends a transaction in a block of its own; gives the revert data if it fails. */
  async send(from: string, contract: ContractName, data: string): Promise<Sent> {
    try {
      const hash = await this.request("eth_sendTransaction", { from, to: this.addresses[contract], data, gas: GAS });
      return { hash: hash as string };
    } catch (error) {
      return { revert: revertOf(error) };
    }
  }

  /** The events of these names in a transaction, in their order. */
  async logsOf(hash: string, names: readonly string[]): Promise<readonly Log[]> {
    const { logs } = (await this.request("eth_getTransactionReceipt", hash)) as { logs: readonly Log[] };
    const wanted = Object.values(INTERFACES).flatMap((contract) =>
      names.flatMap((name) => (contract.hasEvent(name) ? [contract.getEvent(name)?.topicHash] : [])),
    );
    return logs.filter(({ topics }) => wanted.includes(topics[0]));
  }

  /** All events of all contracts, from the first block on. */
  async logs(): Promise<readonly ToldLog[]> {
    const names = new Map(Object.entries(this.addresses).map(([name, address]) => [address, name as ContractName]));
    const wanted = { fromBlock: "earliest", toBlock: "latest", address: [...names.keys()] };
    const logs = (await this.request("eth_getLogs", wanted)) as readonly MinedLog[];
    return logs.map(({ address, topics, data, blockNumber, blockTimestamp }) => {
      const contract = names.get(address);
      if (contract === undefined) throw new Error(`Nobody asked for ${address}`);
      return { contract, topics, data, at: { block: Number(blockNumber), time: Number(blockTimestamp) } };
    });
  }

  /** What a unit of gas costs in the next block. */
  async setBaseFee(wei: bigint): Promise<void> {
    await this.request("hardhat_setNextBlockBaseFeePerGas", toQuantity(wei));
  }

  /** What a view gives back; the revert data if it fails. */
  async view(contract: ContractName, method: string, args: readonly (string | number)[]): Promise<string> {
    const key = `${contract}.${method}(${args.join()})`;
    const data = this.calldata.get(key) ?? INTERFACES[contract].encodeFunctionData(method, [...args]);
    this.calldata.set(key, data);
    try {
      return (await this.request("eth_call", { to: this.addresses[contract], data }, "latest")) as string;
    } catch (error) {
      return revertOf(error);
    }
  }

  async hashOf(block: number): Promise<string> {
    const { hash } = (await this.request("eth_getBlockByNumber", toQuantity(block), false)) as { hash: string };
    return hash;
  }

  private async setTime(time: number): Promise<void> {
    await this.request("evm_setNextBlockTimestamp", time);
  }

  private request(method: string, ...params: unknown[]): Promise<unknown> {
    return this.provider.request({ method, params });
  }
}

/** The data with which a call reverted; what failed otherwise is thrown again. */
function revertOf(error: unknown): string {
  const revert = (error as { data?: unknown }).data;
  if (typeof revert === "string") return revert;
  throw error;
}
