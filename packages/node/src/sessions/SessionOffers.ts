import { claimSessions, type Client, getSessionServing, isAdmitted, serveSessions } from "@opg-protocol/sdk";

import type { Head } from "../chain/Chain.ts";
import type { Config, VersionConfig } from "../config/Config.ts";
import type { Logger } from "../log.ts";
import type { Offers } from "../offer/Offers.ts";
import type { Sender } from "../send/Sender.ts";

const DAY = 24 * 60 * 60;

/** Keeps the stake locked that answers for sessions, and moves what they earn into the node's stake. */
export class SessionOffers {
  constructor(
    private readonly client: Client,
    private readonly node: string,
    private readonly offers: Pick<Offers, "versions" | "offer">,
    private readonly sender: Pick<Sender, "perform">,
    private readonly settings: Config["offer"],
    private readonly log: Logger,
  ) {}

  /** To be called now and then; what cannot be sent now is tried again next time. True if something was sent. */
  async maintain(head: Head): Promise<boolean> {
    let hasSent = false;
    for (const versionId of this.offers.versions()) {
      const config = this.offers.offer(versionId);
      if (config?.sessions === undefined) continue;
      try {
        if (await this.keep(versionId, config.sessions, head)) hasSent = true;
      } catch (error) {
        this.log.warn({ versionId, error: String(error) }, "could not keep sessions on offer; tries again");
      }
    }
    return hasSent;
  }

  private async keep(
    versionId: string,
    { maxLock }: NonNullable<VersionConfig["sessions"]>,
    head: Head,
  ): Promise<boolean> {
    const { client, node, settings } = this;
    const serving = await getSessionServing(client, { node, versionId });
    if (serving.earned > 0n && serving.earned >= settings.claimAbove) {
      const call = claimSessions.call(client.addresses, { node, versionId });
      await this.sender.perform({ kind: "claim sessions", subject: `${versionId}/${serving.earned}`, ...call });
    }
    const lasts = serving.endsAt >= head.timestamp + (settings.lockDays * DAY) / 2;
    // What was slashed lowers the lock, and only an operator should raise it again after that.
    if (lasts && serving.maxLock > 0n) return false;
    if (!(await isAdmitted(client, { versionId }))) return false; // `SoleOffers` brings that about
    const endsAt = head.timestamp + Math.floor(settings.lockDays * DAY);
    const most = maxLock > serving.used ? maxLock : serving.used;
    const call = serveSessions.call(client.addresses, { node, versionId, maxLock: most, endsAt });
    await this.sender.perform({ kind: "serve sessions", subject: `${versionId}/${serving.endsAt}`, ...call });
    return true;
  }
}
