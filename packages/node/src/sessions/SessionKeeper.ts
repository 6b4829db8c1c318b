import {
  type Client,
  findLogs,
  logQuery,
  redeemVouchers,
  type Redemption,
  settleSession,
  SessionState,
} from "@opg-protocol/sdk";

import type { Head } from "../chain/Chain.ts";
import type { Config } from "../config/Config.ts";
import type { Logger } from "../log.ts";
import type { Sender } from "../send/Sender.ts";
import type { SessionBook } from "./SessionBook.ts";
import { endOf, isOpen, isOutdated, type LiveSession, owedOf, type SessionTable } from "./SessionTable.ts";

/** Vouchers of one transaction: a hundred stay far below a block's gas. */
const MOST_VOUCHERS = 100;
/** Sessions that are named in one request for logs. */
const MOST_NAMED = 500;
/** Milliseconds after which a redemption counts as lost that the chain has not shown. */
const PATIENCE = 10 * 60_000;
const GWEI = 1e9;
/** What changes what a session is worth. Each has its id as first topic. */
const HEARD = ["SessionClosing", "SessionFunded", "SessionSettled", "SessionFalsified", "VoucherRedeemed"] as const;

/** What the sessions of a node are worth. Amounts in base units of OPG. */
export interface SessionFigures {
  readonly open: number;
  /** Earned, and not redeemed yet. */
  readonly owed: bigint;
  /** Redeemed, and not final yet. */
  readonly pending: bigint;
  /** What answers for them. */
  readonly locked: bigint;
}

export interface SessionKeeperModules {
  readonly client: Client;
  readonly book: SessionBook;
  readonly table: SessionTable;
  readonly sender: Pick<Sender, "perform">;
  readonly log: Logger;
}

/** Turns vouchers into money before it is too late: by value, by age, and before a session ends. */
export class SessionKeeper {
  private heardUpTo: number | undefined;
  /** What was sent for a session, and is not seen on chain. */
  private readonly sent = new Map<string, { readonly amount: bigint; readonly at: number }>();

  constructor(
    private readonly modules: SessionKeeperModules,
    private readonly settings: Config["sessions"],
  ) {}

  /** To be called at each head. What fails is tried again at the next one. */
  async tend(head: Head): Promise<void> {
    try {
      await this.hear(head);
      const sessions = this.modules.table.all();
      if (sessions.length === 0) return;
      await this.refresh(sessions, head);
      await this.redeem(sessions, head);
      await this.settle(sessions, head);
    } catch (error) {
      this.modules.log.warn({ error: String(error) }, "could not look after sessions; tries again");
    }
  }

  /**
   * Redeems all that is owed, whatever it is worth, for an operator whose node stops for long.
   * @returns what that is, OPG base units.
   */
  async redeemAll(): Promise<bigint> {
    const { table } = this.modules;
    for (const session of table.all()) await table.look(session);
    const owed = table.all().filter((session) => isOpen(session) && owedOf(session) > 0n);
    await this.send(owed);
    return owed.reduce((sum, session) => sum + owedOf(session), 0n);
  }

  figures(): SessionFigures {
    const sessions = this.modules.table.all().filter((session) => session.record.state !== SessionState.None);
    const sum = (part: (session: LiveSession) => bigint) => sessions.reduce((all, one) => all + part(one), 0n);
    return {
      open: sessions.filter(isOpen).length,
      owed: sum((session) => (isOpen(session) ? owedOf(session) : 0n)),
      pending: sum(({ record }) => record.redeemed - record.paid),
      locked: sum(({ fields }) => fields.collateral),
    };
  }

  /** What others do with this node's sessions. */
  private async hear(head: Head): Promise<void> {
    const { client, table } = this.modules;
    const from = this.heardUpTo === undefined ? head.number : this.heardUpTo + 1;
    if (from > head.number) return;
    const ids = table.all().map(({ booked }) => booked.sessionId);
    for (let i = 0; i < ids.length; i += MOST_NAMED) {
      const query = logQuery("sessions", HEARD, ids.slice(i, i + MOST_NAMED));
      for (const { topics } of await findLogs(client, query, from)) table.hear(topics[1] ?? "");
    }
    this.heardUpTo = head.number;
  }

  /** Asks the chain where something was heard. */
  private async refresh(sessions: readonly LiveSession[], head: Head): Promise<void> {
    const { log, table } = this.modules;
    for (const session of sessions) {
      if (session.seenAt !== 0) continue;
      await table.look(session);
      const { sessionId } = session.booked;
      if (isOutdated(session))
        log.error({ sessionId }, "the chain has a voucher that this node has not: serves nothing");
      const { state } = session.record;
      if (state === SessionState.Released || state === SessionState.Falsified) {
        table.remove(sessionId);
        this.sent.delete(sessionId);
        log.info({ sessionId, state, block: head.number }, "a session is over");
      }
    }
  }

  private async redeem(sessions: readonly LiveSession[], head: Head): Promise<void> {
    const open = sessions.filter((session) => isOpen(session) && owedOf(session) > 0n && !this.isSent(session));
    const urgent = open.filter((session) => this.isUrgent(session, head));
    const ripe = open.filter((session) => !urgent.includes(session) && this.isRipe(session));
    const due = ripe.length > 0 && (await this.isCheap()) ? [...urgent, ...ripe] : urgent;
    if (due.length > 0) await this.send(due);
  }

  /** Whether it is on its way; what came after it waits until the chain has it. */
  private isSent({ booked, record }: LiveSession): boolean {
    const sent = this.sent.get(booked.sessionId);
    return sent !== undefined && sent.amount > record.redeemed && Date.now() - sent.at < PATIENCE;
  }

  /** Soon there is nothing more to be redeemed. */
  private isUrgent(session: LiveSession, { timestamp }: Head): boolean {
    return timestamp + this.settings.endMinutes * 60 >= endOf(session);
  }

  private isRipe(session: LiveSession): boolean {
    return owedOf(session) >= this.settings.redeemAbove || this.isOld(session);
  }

  /** Whether the first call that is not redeemed is as old as the operator lets it become. */
  private isOld({ booked, fields, record }: LiveSession): boolean {
    const answeredAt = this.modules.book.answeredAt(booked, record.redeemed / fields.callPrice + 1n);
    return answeredAt !== undefined && Date.now() / 1_000 - answeredAt >= this.settings.redeemHours * 3_600;
  }

  private async isCheap(): Promise<boolean> {
    const { mostGasPrice } = this.settings;
    if (mostGasPrice === undefined) return true;
    const { gasPrice } = await this.modules.client.provider.getFeeData();
    return gasPrice !== null && Number(gasPrice) <= mostGasPrice * GWEI;
  }

  private async send(sessions: readonly LiveSession[]): Promise<void> {
    const { client, sender } = this.modules;
    for (let i = 0; i < sessions.length; i += MOST_VOUCHERS) {
      const part = sessions.slice(i, i + MOST_VOUCHERS);
      const redemptions = part.flatMap(redemptionOf);
      const subject = redemptions.map(({ amount, signature }) => `${signature.r}/${amount}`).join();
      const call = redeemVouchers.call(client.addresses, { redemptions });
      await sender.perform({ kind: "redeem", subject, ...call });
      for (const session of part) {
        const amount = session.record.redeemed + owedOf(session);
        this.sent.set(session.booked.sessionId, { amount, at: Date.now() });
      }
    }
  }

  /** Lets the chain pay what is final, and let go of what answers for nothing any more. */
  private async settle(sessions: readonly LiveSession[], { timestamp }: Head): Promise<void> {
    const { client, sender, table } = this.modules;
    for (const session of sessions) {
      const { fields, record, booked } = session;
      const isFinal =
        record.marked > record.paid && timestamp >= record.markedAt + Number(fields.rules.receiptHorizonPeriod);
      const releasableAt = endOf(session) + Number(fields.rules.horizonPeriod);
      const isOver = record.state === SessionState.Closed ? timestamp >= releasableAt : timestamp >= endOf(session);
      const isLive = isOpen(session) || record.state === SessionState.Closed;
      if (!isLive || (!isOver && (!isFinal || record.marked - record.paid < this.settings.redeemAbove))) continue;
      const call = settleSession.call(client.addresses, { session: booked.session });
      await sender.perform({
        kind: "settle session",
        subject: `${booked.sessionId}/${record.paid}/${record.state}`,
        ...call,
      });
      table.hear(booked.sessionId);
    }
  }
}

/** The voucher of a session with what its redemption needs. */
function redemptionOf({ booked }: LiveSession): Redemption[] {
  const { session, voucher } = booked;
  return voucher === undefined ? [] : [{ session, amount: voucher.amount, signature: voucher.signature }];
}
