import { ZeroHash } from "ethers";

import { type Session, SessionState, unpackSession } from "../../../packages/sdk/src/codecs/session.ts";
import type { InferenceSessions } from "../../../typechain-types/index.ts";
import { UNIT } from "../sessions/SessionModel.ts";
import type { View } from "../views.ts";
import { found } from "../World.ts";
import { Accounts } from "./Accounts.ts";
import { Entries } from "./Control.ts";
import { Servings } from "./Servings.ts";
import { answer, changesNothing, type Hears, type Telling } from "./Telling.ts";

interface ToldSession {
  readonly terms: Session;
  state: SessionState;
  funded: bigint;
  redeemed: bigint;
  paid: bigint;
  marked: bigint;
  markedAt: number;
  closesAt: bigint;
}

interface ToldGrant {
  readonly payer: string;
  readonly key: string;
  limit: bigint;
  readonly expiresAt: bigint;
  readonly versionsRoot: string;
}

/** Sessions, what keys may do, and the money and seats that follow. */
export class SessionsTelling implements Telling {
  private readonly accounts = new Accounts("sessions");
  private readonly servings = new Servings("sessions");
  private readonly entries = new Entries("sessions");
  private readonly sessions = new Map<string, ToldSession>();
  private readonly grants = new Map<string, ToldGrant>();
  private rules: string = ZeroHash;
  readonly hears: Hears<InferenceSessions> = {
    ...this.accounts.hears,
    ...this.servings.hears,
    ...this.entries.hears,
    SessionRulesSet: ({ rules }) => {
      this.rules = rules;
    },
    KeyGranted: ({ payer, key, limit, expiresAt, versionsRoot }) => {
      this.grants.set(`${payer} ${key}`, { payer, key, limit, expiresAt, versionsRoot });
    },
    KeySpent: ({ payer, key, left }) => {
      found(this.grants, `${payer} ${key}`).limit = left;
    },
    SessionOpened: ({ sessionId, payer, session, deposit }) => {
      const terms = unpackSession(session);
      this.accounts.credit(payer, -deposit);
      this.servingOf(terms).used += terms.collateral;
      const nothing = { redeemed: 0n, paid: 0n, marked: 0n, markedAt: 0, closesAt: 0n };
      this.sessions.set(sessionId, { terms, state: SessionState.Open, funded: deposit, ...nothing });
    },
    SessionFunded: ({ sessionId, from, amount }) => {
      this.session(sessionId).funded += amount;
      this.accounts.credit(from, -amount);
    },
    VoucherRedeemed: ({ sessionId, redeemed }, { time }) => {
      const session = this.session(sessionId);
      session.redeemed = redeemed;
      if (session.marked === session.paid) mark(session, time);
    },
    SessionClosing: ({ sessionId, closesAt }) => {
      this.session(sessionId).closesAt = closesAt;
    },
    SessionSettled: ({ sessionId, state, pay, fee, royalty, refund }, { time }) => {
      const session = this.session(sessionId);
      const { terms } = session;
      const matures = session.markedAt + Number(terms.rules.receiptHorizonPeriod) <= time;
      if (session.marked > session.paid && matures) {
        session.paid = session.marked;
        mark(session, time);
      }
      const next = Number(state) as SessionState;
      if (next !== SessionState.Open) session.funded = session.redeemed;
      if (next === SessionState.Released) {
        session.paid = session.marked = session.redeemed;
        this.servingOf(terms).used -= terms.collateral;
      }
      session.state = next;
      this.servingOf(terms).earned += pay;
      this.accounts.credit(terms.royaltyPayee, royalty);
      this.accounts.credit(terms.payer, refund);
      this.accounts.creditFees(terms.payer, fee);
    },
    SessionFalsified: ({ sessionId, refund, compensation, reporters, reward }) => {
      const session = this.session(sessionId);
      const serving = this.servingOf(session.terms);
      session.state = SessionState.Falsified;
      session.funded = session.redeemed = session.marked = session.paid;
      serving.used -= session.terms.collateral;
      serving.maxLock -= session.terms.collateral;
      this.accounts.credit(session.terms.payer, refund + compensation);
      for (const reporter of reporters) this.accounts.credit(reporter, reward);
    },
    VoucherRefused: changesNothing,
  };

  answers(): View[] {
    return [
      ...this.entries.answers(),
      ...this.accounts.answers(),
      ...this.servings.answers(),
      answer("sessions", "governed", [], this.rules, this.accounts.treasury),
      ...[...this.sessions].map(([id, session]) => answer("sessions", "sessionOf", [id], wordOf(session))),
      ...[...this.grants.values()].map(({ payer, key, limit, expiresAt, versionsRoot }) =>
        answer("sessions", "grantOf", [payer, key], [limit, expiresAt, versionsRoot]),
      ),
    ];
  }

  private session(id: string): ToldSession {
    return found(this.sessions, id);
  }

  private servingOf({ node, versionId }: Session) {
    return this.servings.of(node, versionId);
  }
}

/** All that was redeemed until now becomes final together. */
function mark(session: ToldSession, time: number): void {
  session.marked = session.redeemed;
  session.markedAt = time;
}

/** @see the layout of SessionRecord in contracts/types/SessionTypes.sol */
function wordOf({ state, funded, redeemed, paid, marked, markedAt, closesAt }: ToldSession): bigint {
  const sums = [funded, redeemed, paid, marked].map((sum, i) => (sum / UNIT) << BigInt(8 + 44 * i));
  const times = (BigInt(markedAt) << 184n) | (closesAt << 220n);
  return sums.reduce((word, sum) => word | sum, BigInt(state) | times);
}
