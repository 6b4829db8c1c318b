import type { Action, Sender } from "../../dist/send/Sender.js";

/** Notes what is to be sent; refuses what a test wants refused. */
export class FakeSender {
  readonly actions: Action[] = [];
  /** Is called with each action before it is noted. */
  before: (action: Action) => void = () => undefined;

  get sent(): string[] {
    return this.actions.map(({ data }) => data);
  }

  perform(action: Action): Promise<void> {
    try {
      this.before(action);
      this.actions.push(action);
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  asSender(): Sender {
    return this as unknown as Sender;
  }
}
