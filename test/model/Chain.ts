import { toQuantity } from "ethers";

import { type ContractName, INTERFACES } from "./views.ts";

/** As much of a provider as is needed here. */
export interface Provider {
  request(request: { method: string; params: unknown[] }): Promise<unknown>;
}

/** More than any step needs. */
const GAS = toQuantity(4_000_000);

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
  async send(from: string, contract: ContractName, data: string): Promise<string | undefined> {
    try {
      await this.request("eth_sendTransaction", { from, to: this.addresses[contract], data, gas: GAS });
      return undefined;
    } catch (error) {
      const revert = (error as { data?: unknown }).data;
      if (typeof revert === "string") return revert;
      throw error;
    }
  }

  async view(contract: ContractName, method: string, args: readonly (string | number)[]): Promise<string> {
    const key = `${contract}.${method}(${args.join()})`;
    const data = this.calldata.get(key) ?? INTERFACES[contract].encodeFunctionData(method, [...args]);
    this.calldata.set(key, data);
    return (await this.request("eth_call", { to: this.addresses[contract], data }, "latest")) as string;
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
