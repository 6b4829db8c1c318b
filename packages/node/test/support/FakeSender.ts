import { id } from "ethers";

import type { Action, Sender } from "../../dist/send/Sender.js";

/** Notes what is to be sent; refuses what a test wants refused. */
export class FakeSender {
  readonly actions: Action[] = [];
  /** Is called with each action before it is noted. */
  before: (action: Action) => void = () => undefined;
  /** What was sent and is in no block. */
  isUnderway: Sender["isUnderway"] = () => false;
  /** Whether the signer has coin for whatever it is asked about. */
  isRich = true;
  /** Gas that it was last asked about. */
  gasAsked = 0n;

  get sent(): string[] {
    return this.actions.map(({ data }) => data);
  }

  async perform(action: Action): Promise<string> {
    await Promise.resolve();
    this.before(action);
    this.actions.push(action);
    return id(`${action.kind}/${action.subject}`);
  }

  affords(gas: bigint): Promise<boolean> {
    this.gasAsked = gas;
    return Promise.resolve(this.isRich);
  }

  asSender(): Sender {
    return this as unknown as Sender;
  }
}
