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

export interface SessionOffersModules {
  readonly client: Client;
  readonly offers: Pick<Offers, "versions" | "offer">;
  readonly journal: Pick<Journal, "quarantined" | "locked" | "putLocked">;
  readonly sender: Pick<Sender, "perform">;
  readonly log: Logger;
}

/** Keeps the stake locked that answers for sessions, and moves what they earn into the node's stake. */
export class SessionOffers {
  private readonly upkeep: Upkeep;
  private readonly lock: StandingLock;

  constructor(
    private readonly modules: SessionOffersModules,
    node: string,
    /** Those that the operator names, whether they are offered or not. */
    private readonly versions: Config["versions"],
    settings: Config["offer"],
  ) {
    const { client, sender, log } = modules;
    this.upkeep = new Upkeep(sender, log);
    this.lock = new StandingLock(client, node, ACTIONS, this.upkeep, settings);
  }

  /** To be called now and then; what cannot be sent now is tried again next time. True if something was sent. */
  maintain(head: Head): Promise<boolean> {
    const { offers } = this.modules;
    const tasks = offers.versions().flatMap((versionId) => {
      const sessions = offers.offer(versionId)?.sessions;
      return sessions === undefined ? [] : [() => this.keepServing(versionId, sessions.maxLock, head)];
    });
    return this.upkeep.run([...tasks, ...this.unwanted().map((versionId) => () => this.lock.release(versionId))]);
  }

  /** Versions that are in quarantine, and those for which stake was locked and the operator wants no calls any more. */
  private unwanted(): string[] {
    const { journal } = this.modules;
    const wanted = new Set(this.versions.filter(({ sessions }) => sessions !== undefined).map(({ id }) => id));
    const given = journal.locked().filter((versionId) => !wanted.has(versionId));
    return [...new Set([...journal.quarantined().keys(), ...given])];
  }

  private keepServing(versionId: string, maxLock: bigint, head: Head): Promise<void> {
    const { client, journal } = this.modules;
    journal.putLocked(versionId); // a lock can be older than the journal
    return this.lock.keep(versionId, head, async () =>
      // `SoleOffers` has it admitted.
      (await isAdmitted(client, { versionId })) ? maxLock : undefined,
    );
  }
}
