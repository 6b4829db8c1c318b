import {
  type Client,
  PRICE_UNIT,
  redeemVouchers,
  type Redemption,
  settleSession,
  SessionState,
} from "@opg-protocol/sdk";
import PQueue from "p-queue";

import type { Head } from "../chain/Chain.ts";
import type { Config } from "../config/Config.ts";
import type { Logger } from "../log.ts";
import { BudgetExceededError } from "../send/Budget.ts";
import type { Sender } from "../send/Sender.ts";
import type { SessionBook } from "./SessionBook.ts";
import {
  endOf,
  isEngaged,
  isOpen,
  isOutdated,
  isSeen,
  type LiveSession,
  owedOf,
  type SessionTable,
} from "./SessionTable.ts";

/** Vouchers of one transaction: a hundred stay far below a block's gas. */
const MOST_VOUCHERS = 100;
/** Sessions about which the chain is asked at once. */
const MOST_LOOKS = 64;
/** And of those that nobody has opened, meanwhile: few, for the provider answers about money beside them. */
const MOST_UNHURRIED_LOOKS = 16;
/** Milliseconds after which a redemption counts as lost that the chain has not shown. */
const PATIENCE = 10 * 60_000;
const GWEI = 1e9;

/** What the sessions of a node are worth. Amounts in base units of OPG. */
export interface SessionFigures {
  readonly open: number;
  /** Earned, not redeemed yet, and not lost. */
  readonly owed: bigint;
  /** Redeemed, and not final yet. */
  readonly pending: bigint;
  /** What answers for them. */
  readonly locked: bigint;
}

/** What is asked of a session. */
export interface Claim {
  readonly sessionId: string;
  /** OPG, base units. */
  readonly amount: bigint;
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
  /** Sessions of which it was said that the book is older than the chain. */
  private readonly outdated = new Set<string>();
  /** What was sent for a session, at a millisecond of this process, and is not seen on chain. */
  private readonly sent = new Map<string, { readonly amount: bigint; readonly at: number }>();
  /** Ends when the chain has been asked about consents of an earlier process, while it is. */
  private asking: Promise<unknown> | undefined;
  private isClosing = false;

  constructor(
    private readonly modules: SessionKeeperModules,
    private readonly settings: Config["sessions"],
  ) {}

  /** To be called at each head. What fails is tried again at the next one, and keeps nothing else from being done. */
  async tend(head: Head): Promise<void> {
    await this.attempt("ask about sessions", () => this.lookEngaged());
    this.askUnopened();
    this.forgetOver(head);
    await this.redeem(head);
    await this.settle(head);
  }

  /** Asks about no more consents, and waits for the answers that are under way. */
  async close(): Promise<void> {
    this.isClosing = true;
    await this.asking;
  }

  /**
   * Sends what redeems all that is owed, whatever it is worth, for an operator whose node stops for long.
   * @returns what it claims of each session in all, with what was redeemed before.
   */
  async redeemAll(head: Head): Promise<readonly Claim[]> {
    await this.lookEngaged();
    const owing = this.owing(head);
    for (const part of inParts(owing)) await this.send("redeem", part);
    return owing.map(claimOf);
  }

  /** What the chain has not redeemed of these claims, and will not: their sessions have ended. To be called after `account`. */
  lostOf(claims: readonly Claim[], head: Head): readonly Claim[] {
    const sessions = new Map(this.modules.table.all().map((session) => [session.booked.sessionId, session]));
    return claims.flatMap(({ sessionId, amount }) => {
      const session = sessions.get(sessionId);
      if (session === undefined || isRedeemable(session, head)) return [];
      const { redeemed } = session.record;
      return amount > redeemed ? [{ sessionId, amount: amount - redeemed }] : [];
    });
  }

  /** What the chain says now, OPG base units: what was redeemed since the sessions were opened, and what it still owes. */
  async account(head: Head): Promise<{ readonly redeemed: bigint; readonly owed: bigint }> {
    const { table } = this.modules;
    table.hearAll();
    await this.lookEngaged();
    const redeemed = table.all().reduce((sum, { record }) => sum + record.redeemed, 0n);
    return { redeemed, owed: this.owed(head) };
  }

  figures(head: Head): SessionFigures {
    const sessions = this.modules.table.all().filter((session) => session.record.state !== SessionState.None);
    const sum = (part: (session: LiveSession) => bigint) => sessions.reduce((all, one) => all + part(one), 0n);
    return {
      open: sessions.filter(isOpen).length,
      owed: this.owed(head),
      pending: sum(({ record }) => record.redeemed - record.paid),
      locked: sum(({ fields }) => fields.collateral),
    };
  }

  private owing(head: Head): LiveSession[] {
    const { table } = this.modules;
    return table.all().filter((session) => isRedeemable(session, head) && owedOf(session) > 0n);
  }

  private owed(head: Head): bigint {
    return this.owing(head).reduce((sum, session) => sum + owedOf(session), 0n);
  }

  /** Where money can be owed. */
  private lookEngaged(): Promise<void> {
    const { table } = this.modules;
    return look(table.unseen().filter(isEngaged), MOST_LOOKS, (session) => table.look(session));
  }

  /** There can be many of them, they owe nothing, and nobody waits for them. */
  private askUnopened(): void {
    if (this.asking !== undefined) return;
    const { table } = this.modules;
    const unopened = table.unseen().filter((session) => !isEngaged(session));
    const ask = async (session: LiveSession) => {
      if (!this.isClosing) await table.look(session);
    };
    const act = () => look(unopened, MOST_UNHURRIED_LOOKS, ask);
    this.asking = this.attempt("ask about consents", act).finally(() => {
      this.asking = undefined;
    });
  }

  /** Lets go of sessions in which nothing can happen any more. */
  private forgetOver({ timestamp, number }: Head): void {
    const { log, table } = this.modules;
    for (const session of table.all().filter(isSeen)) {
      const { booked, record, fields } = session;
      const { sessionId } = booked;
      const { state } = record;
      // A reorganisation has taken it away, and it is too late to open it again.
      const isVoid = state === SessionState.None && timestamp >= fields.endsAt;
      if (state === SessionState.Released || state === SessionState.Falsified || isVoid) {
        table.remove(sessionId);
        this.sent.delete(sessionId);
        this.outdated.delete(sessionId);
        log.info({ sessionId, state, block: number }, "a session is over");
      } else if (isOutdated(session) && !this.outdated.has(sessionId)) {
        this.outdated.add(sessionId);
        log.error({ sessionId }, "the chain has a voucher that this node has not: serves nothing");
      }
    }
  }

  private async redeem(head: Head): Promise<void> {
    const owing = this.owing(head).filter((session) => !this.isSent(session));
    const urgent = owing.filter((session) => this.isUrgent(session, head));
    const ripe = owing.filter((session) => !this.isUrgent(session, head) && this.isRipe(session));
    // Each kind by itself: what can wait has to stay within the limit of a day.
    for (const part of inParts(urgent)) await this.attempt("redeem", () => this.send("redeem last", part));
    await this.attempt("redeem", async () => {
      if (ripe.length === 0 || !(await this.isCheap())) return;
      for (const part of inParts(ripe)) await this.send("redeem", part);
    });
  }

  /** Whether it is on its way; what came after it waits until the chain has it. */
  private isSent({ booked, record }: LiveSession): boolean {
    const sent = this.sent.get(booked.sessionId);
    return sent !== undefined && sent.amount > record.redeemed && performance.now() - sent.at < PATIENCE;
  }

  /** Soon there is nothing more to be redeemed. */
  private isUrgent(session: LiveSession, { timestamp }: Head): boolean {
    return timestamp + this.settings.endMinutes * 60 >= endOf(session);
  }

  private isRipe(session: LiveSession): boolean {
    return owedOf(session) >= this.settings.redeemAbove || this.isOld(session);
  }

  /** Whether the first call that is not redeemed is as old as the operator lets it become. */
  private isOld({ booked, record }: LiveSession): boolean {
    // Less than a unit of what the redeemed calls have cost is left: the chain counts whole ones.
    const since = this.modules.book.owedSince(booked, record.redeemed + PRICE_UNIT - 1n);
    return since !== undefined && Date.now() / 1_000 - since >= this.settings.redeemHours * 3_600;
  }

  private async isCheap(): Promise<boolean> {
    const { mostGasPrice } = this.settings;
    if (mostGasPrice === undefined) return true;
    const { gasPrice } = await this.modules.client.provider.getFeeData();
    return gasPrice !== null && Number(gasPrice) <= mostGasPrice * GWEI;
  }

  private async send(kind: "redeem" | "redeem last", sessions: readonly LiveSession[]): Promise<void> {
    const { client, sender } = this.modules;
    const redemptions = sessions.flatMap(redemptionOf);
    const subject = redemptions.map(({ amount, signature }) => `${signature.r}/${amount}`).join();
    // More can be owed when it is sent.
    const claims = sessions.map(claimOf);
    await sender.perform({ kind, subject, ...redeemVouchers.call(client.addresses, { redemptions }) });
    for (const { sessionId, amount } of claims) this.sent.set(sessionId, { amount, at: performance.now() });
  }

  /** Lets the chain pay what is final, and let go of what answers for nothing any more. */
  private async settle({ timestamp }: Head): Promise<void> {
    const { client, sender, table } = this.modules;
    for (const session of table.all()) {
      const { fields, record, booked } = session;
      const isFinal =
        record.marked > record.paid && timestamp >= record.markedAt + Number(fields.rules.receiptHorizonPeriod);
      const releasableAt = endOf(session) + Number(fields.rules.horizonPeriod);
      const isOver = record.state === SessionState.Closed ? timestamp >= releasableAt : timestamp >= endOf(session);
      const isLive = isOpen(session) || record.state === SessionState.Closed;
      if (!isLive || (!isOver && (!isFinal || record.marked - record.paid < this.settings.redeemAbove))) continue;
      const call = settleSession.call(client.addresses, { session: booked.session });
      const subject = `${booked.sessionId}/${record.paid}/${record.state}`;
      const act = () => sender.perform({ kind: "settle session", subject, ...call });
      const failure = await this.attempt("settle a session", act);
      if (failure instanceof BudgetExceededError) return; // the others would ask the chain for nothing
    }
  }

  /** @returns what it has failed with, if it has. */
  private async attempt(what: string, act: () => Promise<unknown>): Promise<unknown> {
    try {
      await act();
      return undefined;
    } catch (error) {
      this.modules.log.warn({ error: String(error) }, `could not ${what}; tries again`);
      return error;
    }
  }
}

/** Whether the chain still takes its vouchers. It stays open beyond its end, until somebody settles. */
const isRedeemable = (session: LiveSession, { timestamp }: Head): boolean =>
  isOpen(session) && timestamp < endOf(session);

const claimOf = (session: LiveSession): Claim => ({
  sessionId: session.booked.sessionId,
  amount: session.record.redeemed + owedOf(session),
});

/** Looks at so many of them at once. */
async function look(
  sessions: readonly LiveSession[],
  concurrency: number,
  act: (session: LiveSession) => Promise<void>,
): Promise<void> {
  const queue = new PQueue({ concurrency });
  const looks = sessions.map((session) => queue.add(() => act(session)));
  // All have ended before the next ones begin, and one that fails keeps no other from its answer.
  const failed = (await Promise.allSettled(looks)).find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** The voucher of a session with what its redemption needs. */
function redemptionOf({ booked }: LiveSession): Redemption[] {
  const { session, voucher } = booked;
  return voucher === undefined ? [] : [{ session, amount: voucher.amount, signature: voucher.signature }];
}

/** As many as one transaction takes. */
function inParts(sessions: readonly LiveSession[]): readonly (readonly LiveSession[])[] {
  const count = Math.ceil(sessions.length / MOST_VOUCHERS);
  return Array.from({ length: count }, (_, i) => sessions.slice(i * MOST_VOUCHERS, (i + 1) * MOST_VOUCHERS));
}
