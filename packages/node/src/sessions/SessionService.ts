import { join } from "node:path";

import type { Client } from "@opg-protocol/sdk";
import type { Signer } from "ethers";
import type { Hono } from "hono";

import type { Head } from "../chain/Chain.ts";
import type { Config } from "../config/Config.ts";
import type { Admission } from "../door/Admission.ts";
import type { Logger } from "../log.ts";
import type { Offers } from "../offer/Offers.ts";
import type { Sender } from "../send/Sender.ts";
import { Consents } from "./Consents.ts";
import { SessionAdmission } from "./SessionAdmission.ts";
import { SessionBook } from "./SessionBook.ts";
import { SessionKeeper } from "./SessionKeeper.ts";
import { SessionOffers } from "./SessionOffers.ts";
import { sessionRoutes } from "./sessionRoutes.ts";
import { SessionTable } from "./SessionTable.ts";

export interface SessionServiceModules {
  readonly client: Client;
  readonly signer: Signer;
  readonly offers: Offers;
  readonly sender: Sender;
  readonly log: Logger;
  /** Decides about calls without a session. */
  readonly others: Admission;
}

/** All that a node does about sessions, put together. */
export class SessionService {
  private constructor(
    readonly admission: Admission,
    readonly routes: Hono,
    private readonly book: SessionBook,
    private readonly keeper: SessionKeeper,
    private readonly sessionOffers: SessionOffers,
  ) {}

  static open(folder: string, node: string, config: Config, modules: SessionServiceModules): SessionService {
    const { client, signer, offers, sender, log, others } = modules;
    const book = SessionBook.open(join(folder, "sessions.sqlite"));
    const table = new SessionTable(client, book);
    const consents = new Consents({ client, signer, book, offers }, node);
    return new SessionService(
      new SessionAdmission({ client, signer, book, table, others }, config.sessions.endMinutes * 60),
      sessionRoutes(node, consents, book),
      book,
      new SessionKeeper({ client, book, table, sender, log }, config.sessions),
      new SessionOffers(client, node, offers, sender, config.offer, log),
    );
  }

  /** To be called at each head. */
  tend(head: Head): Promise<void> {
    return this.keeper.tend(head);
  }

  /** To be called now and then. True if something was sent. */
  maintain(head: Head): Promise<boolean> {
    return this.sessionOffers.maintain(head);
  }

  close(): void {
    this.book.close();
  }
}
