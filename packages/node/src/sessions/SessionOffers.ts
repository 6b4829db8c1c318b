import {
  claimSessions,
  type Client,
  getSessionServing,
  isAdmitted,
  serveSessions,
  unserveSessions,
} from "@opg-protocol/sdk";

import type { Head } from "../chain/Chain.ts";
import type { Config } from "../config/Config.ts";
import type { Journal } from "../journal/Journal.ts";
import type { Logger } from "../log.ts";
import type { Offers } from "../offer/Offers.ts";
import { type LockActions, StandingLock } from "../offer/StandingLock.ts";
import { Upkeep } from "../offer/Upkeep.ts";
import type { Sender } from "../send/Sender.ts";

const ACTIONS: LockActions = {
  name: "sessions",
  read: getSessionServing,
  serve: serveSessions,
  unserve: unserveSessions,
  claim: claimSessions,
};

/** Keeps the stake locked that answers for sessions, and moves what they earn into the node's stake. */
export class SessionOffers {
  private readonly upkeep: Upkeep;
  private readonly lock: StandingLock;

  constructor(
    private readonly client: Client,
    node: string,
    private readonly offers: Pick<Offers, "versions" | "offer">,
    private readonly journal: Pick<Journal, "quarantined">,
    sender: Pick<Sender, "perform">,
    settings: Config["offer"],
    log: Logger,
  ) {
    this.upkeep = new Upkeep(sender, log);
    this.lock = new StandingLock(client, node, ACTIONS, this.upkeep, settings);
  }

  /** To be called now and then; what cannot be sent now is tried again next time. True if something was sent. */
  maintain(head: Head): Promise<boolean> {
    const tasks = this.offers.versions().flatMap((versionId) => {
      const sessions = this.offers.offer(versionId)?.sessions;
      return sessions === undefined ? [] : [() => this.keepServing(versionId, sessions.maxLock, head)];
    });
    const quarantined = [...this.journal.quarantined().keys()];
    return this.upkeep.run([...tasks, ...quarantined.map((versionId) => () => this.lock.release(versionId))]);
  }

  private keepServing(versionId: string, maxLock: bigint, head: Head): Promise<void> {
    // `SoleOffers` has it admitted.
    const wanted = async () => ((await isAdmitted(this.client, { versionId })) ? maxLock : undefined);
    return this.lock.keep(versionId, head, wanted);
  }
}
