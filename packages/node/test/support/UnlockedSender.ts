import type { JsonRpcProvider } from "ethers";

import type { Action } from "../../dist/send/Sender.js";
import { eventually } from "./network.ts";

/** Sends at once, from an account of the chain, and notes what it has sent. */
export class UnlockedSender {
  readonly actions: Action[] = [];
  readonly #provider: JsonRpcProvider;
  readonly #from: string;

  constructor(provider: JsonRpcProvider, from: string) {
    this.#provider = provider;
    this.#from = from;
  }

  get kinds(): string[] {
    return this.actions.map(({ kind }) => kind);
  }

  async perform(action: Action): Promise<string> {
    const { to, data } = action;
    const hash = (await this.#provider.send("eth_sendTransaction", [{ from: this.#from, to, data }])) as string;
    // The chain answers before its block is there. Not by `waitForTransaction`: if it misses that block, it waits for another
    // one, and on a chain that makes a block for each transaction none may come.
    await eventually("it is mined", async () => (await this.#provider.getTransactionReceipt(hash)) !== null);
    this.actions.push(action);
    return hash;
  }
}
