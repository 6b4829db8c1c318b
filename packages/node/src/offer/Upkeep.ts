import type { Call } from "@opg-protocol/sdk";

import type { Logger } from "../log.ts";
import type { Sender } from "../send/Sender.ts";

/** What is to be done now and then about offers: one thing that cannot be sent now keeps no other from it. */
export class Upkeep {
  private hasSent = false;

  constructor(
    private readonly sender: Pick<Sender, "perform">,
    private readonly log: Logger,
  ) {}

  /** Does it all; what fails is logged, and tried again next time. True if something was sent, whatever failed after it. */
  async run(tasks: readonly (() => Promise<void>)[]): Promise<boolean> {
    this.hasSent = false;
    for (const task of tasks) {
      try {
        await task();
      } catch (error) {
        this.log.warn({ error: String(error) }, "could not keep an offer as it should be; tries again");
      }
    }
    return this.hasSent;
  }

  async send(kind: string, subject: string, { to, data }: Call): Promise<void> {
    await this.sender.perform({ kind, subject, to, data });
    this.hasSent = true;
  }
}
