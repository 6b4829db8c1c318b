import { setImmediate as breathe } from "node:timers/promises";

import type { Client } from "@opg-protocol/sdk";
import type { BaseWallet } from "ethers";
import type { Hono } from "hono";

import type { Findings, Head } from "../chain/Chain.ts";
import type { Config } from "../config/Config.ts";
import { type Admission, AdmissionRefusedError } from "../door/Admission.ts";
import type { Journal } from "../journal/Journal.ts";
import type { Logger } from "../log.ts";
import type { Offers } from "../offer/Offers.ts";
import type { Sender } from "../send/Sender.ts";
import { CONSENT_PERIOD, Consents } from "./Consents.ts";
import { SessionAdmission } from "./SessionAdmission.ts";
import type { SessionBook } from "./SessionBook.ts";
import { type SessionFigures, SessionKeeper } from "./SessionKeeper.ts";
import { SessionOffers } from "./SessionOffers.ts";
import { sessionRoutes } from "./sessionRoutes.ts";
import { SessionTable } from "./SessionTable.ts";

export interface SessionServiceModules {
  readonly client: Client;
  readonly signer: Pick<BaseWallet, "signTypedData">;
  readonly book: SessionBook;
  readonly offers: Offers;
  readonly journal: Journal;
  readonly sender: Sender;
  readonly log: Logger;
}

/** Answers nobody who does not pay. */
const PAYERS_ONLY: Admission = {
  identify: () => Promise.reject(new AdmissionRefusedError(402, "This node answers calls that a voucher pays for.")),
};

/** All that a node does about sessions, put together. */
export class SessionService {
  readonly routes: Hono;
  private readonly table: SessionTable;
  private readonly keeper: SessionKeeper;
  private readonly offers: SessionOffers;
  /** Ends when that is done which is being done. */
  private underway: Promise<void> | undefined;
  private isClosing = false;

  constructor(
    private readonly modules: SessionServiceModules,
    node: string,
    private readonly config: Config,
  ) {
    const { client, signer, book, offers, journal, sender, log } = modules;
    this.table = new SessionTable(client, book);
    const consents = new Consents({ client, signer, book, offers }, node);
    this.routes = sessionRoutes(node, { client, consents, book });
    this.keeper = new SessionKeeper({ client, book, table: this.table, sender, log }, config.sessions);
    this.offers = new SessionOffers({ client, offers, journal, sender, log }, node, config.versions, config.offer);
  }

  /** @param others Decides about calls without a session; without it, nobody is answered who does not pay. */
  admission(others: Admission = PAYERS_ONLY): Admission {
    const { client, signer, book, offers } = this.modules;
    const { endMinutes, waiting } = this.config.sessions;
    const settings = { margin: endMinutes * 60, waiting };
    return new SessionAdmission({ client, signer, book, table: this.table, offers, others }, settings);
  }

  /** Something was heard of sessions, among others that are of no concern. */
  note({ touched }: Pick<Findings, "touched">): void {
    for (const id of touched) this.table.hear(id);
  }

  /** To be called at each head; nobody waits for it. What takes longer than a head is not begun again meanwhile. */
  tend(head: Head): void {
    if (this.isClosing) return;
    this.underway ??= this.look(head).finally(() => {
      this.underway = undefined;
    });
  }

  /** Waits for what is being done, and begins nothing more. */
  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.all([this.underway, this.keeper.close()]);
  }

  /** The chain is another one than it was. */
  hearAll(): void {
    this.table.hearAll();
  }

  figures(head: Head): SessionFigures {
    return this.keeper.figures(head);
  }

  /** To be called now and then. True if something was sent. */
  maintain(head: Head): Promise<boolean> {
    return this.offers.maintain(head);
  }

  private async look(head: Head): Promise<void> {
    try {
      await this.keeper.tend(head);
      await this.forget(head);
    } catch (error) {
      this.modules.log.error({ error: String(error) }, "could not look after sessions; tries again");
    }
  }

  /** Keeps up with whatever was served, a little at a time. */
  private async forget({ timestamp }: Head): Promise<void> {
    const { book } = this.modules;
    if (this.table.isCaughtUp) book.forgetUnopened(timestamp - 2 * CONSENT_PERIOD);
    while (!this.isClosing && book.prune(timestamp)) await breathe();
  }
}
