import {
  type Client,
  findEvents,
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
import { endOf, isOpen, type LiveSession, owedOf, type SessionTable } from "./SessionTable.ts";

/** Vouchers of one transaction: a hundred stay far below a block's gas. */
const MOST_VOUCHERS = 100;

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

  /** Redeems all that is owed, whatever it is worth: the node stops, or leaves. */
  async redeemAll(): Promise<void> {
    const owed = this.modules.table.all().filter((session) => isOpen(session) && owedOf(session) > 0n);
    await this.send(owed);
  }

  /** What others do with sessions is heard in one request for all of them. */
  private async hear(head: Head): Promise<void> {
    const { client, table } = this.modules;
    const from = this.heardUpTo === undefined ? head.number : this.heardUpTo + 1;
    if (table.all().length === 0) {
      this.heardUpTo = head.number;
      return;
    }
    if (from > head.number) return;
    const names = ["SessionClosing", "SessionFunded", "SessionSettled", "SessionFalsified", "VoucherRedeemed"] as const;
    for (const name of names) {
      for (const { args } of await findEvents(client, "sessions", name, [], from)) table.hear(args.sessionId);
    }
    this.heardUpTo = head.number;
  }

  /** Asks the chain where something was heard, or has become due by time. */
  private async refresh(sessions: readonly LiveSession[], head: Head): Promise<void> {
    const { book, table } = this.modules;
    for (const session of sessions) {
      if (session.seenAt !== 0) continue;
      await table.look(session);
      const { state } = session.record;
      if (owedOf(session) === 0n && session.booked.owedSince !== 0) {
        book.redeemed(session.booked.sessionId);
        session.booked = { ...session.booked, owedSince: 0 };
      }
      if (state === SessionState.Released || state === SessionState.Falsified) {
        table.remove(session.booked.sessionId);
        this.modules.log.info({ sessionId: session.booked.sessionId, state, block: head.number }, "a session is over");
      }
    }
  }

  private async redeem(sessions: readonly LiveSession[], head: Head): Promise<void> {
    const due = sessions.filter((session) => isOpen(session) && this.isDue(session, head));
    if (due.length > 0) await this.send(due);
  }

  private isDue(session: LiveSession, { timestamp }: Head): boolean {
    const owed = owedOf(session);
    if (owed === 0n) return false;
    const { redeemAbove, redeemHours, endMinutes } = this.settings;
    const isOld = Date.now() - session.booked.owedSince >= redeemHours * 3_600_000;
    return owed >= redeemAbove || isOld || timestamp + endMinutes * 60 >= endOf(session);
  }

  private async send(sessions: readonly LiveSession[]): Promise<void> {
    const { client, sender } = this.modules;
    for (let i = 0; i < sessions.length; i += MOST_VOUCHERS) {
      const redemptions = sessions.slice(i, i + MOST_VOUCHERS).flatMap(redemptionOf);
      const subject = redemptions.map(({ amount, signature }) => `${signature.r}/${amount}`).join();
      const call = redeemVouchers.call(client.addresses, { redemptions });
      await sender.perform({ kind: "redeem", subject, ...call });
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
