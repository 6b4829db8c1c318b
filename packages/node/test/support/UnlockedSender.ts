import type { JsonRpcProvider } from "ethers";

import type { Action } from "../../dist/send/Sender.js";

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
    await this.#provider.waitForTransaction(hash); // the chain answers before its block is there
    this.actions.push(action);
    return hash;
  }
}
