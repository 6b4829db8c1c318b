import { setTimeout as sleep } from "node:timers/promises";

import type { Logger } from "../log.ts";
import { type BackendCheck, BackendDiffersError } from "./BackendCheck.ts";
import type { Offers } from "./Offers.ts";

/** Checks a backend again and again, because it can change behind the node's back, and stops offering what it gets wrong. */
export class BackendPatrol {
  constructor(
    private readonly check: BackendCheck,
    private readonly offers: Pick<Offers, "versions" | "quarantine">,
    /** Milliseconds between two rounds. */
    private readonly period: number,
    private readonly log: Logger,
  ) {}

  /** Goes its rounds until the signal says stop. */
  async run(signal: AbortSignal): Promise<void> {
    while (await pause(this.period, signal)) await this.goRound(signal);
  }

  private async goRound(signal: AbortSignal): Promise<void> {
    for (const versionId of this.offers.versions()) {
      try {
        await this.check.checkAgain(versionId, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof BackendDiffersError) this.offers.quarantine(versionId, error.message);
        else this.log.warn({ versionId, error: String(error) }, "could not check the backend; tries again");
      }
    }
  }
}

/** False if the signal came before the end of it. */
const pause = (milliseconds: number, signal: AbortSignal): Promise<boolean> =>
  sleep(milliseconds, true, { signal }).catch(() => false);
