import {
  type Client,
  getSessionRecord,
  inPriceUnits,
  mostRedeemable,
  NotFoundError,
  type Session,
  sessionEndOf,
  type SessionRecord,
  SessionState,
  unpackSession,
} from "@opg-protocol/sdk";

import type { BookedSession, SessionBook } from "./SessionBook.ts";

/** Milliseconds after which the chain is asked again about a session in which there are calls. */
const FRESH = 30_000;

/** A session, as the node and the chain see it. */
export interface LiveSession {
  booked: BookedSession;
  readonly fields: Session;
  record: SessionRecord;
  /** Calls that are here: one is run, the others wait for their turn. */
  calls: number;
  /** When the chain was asked, milliseconds of this process; 0 if it has to be asked again. */
  seenAt: number;
  /** Ends when the chain has answered, while it is asked. */
  looking: Promise<void> | undefined;
  /** Ends when the call that is run now is over. */
  turn: Promise<unknown>;
}

/** Sessions that are under way, in memory as long as they are. What counts is in the book, and on chain. */
export class SessionTable {
  private readonly sessions = new Map<string, LiveSession>();
  /** What an earlier process has consented to, as long as the chain has not said whether it was opened. */
  private readonly unsure = new Set<string>();

  constructor(
    private readonly client: Client,
    private readonly book: SessionBook,
  ) {
    for (const booked of book.live()) {
      this.sessions.set(booked.sessionId, fresh(booked));
      // It may have been opened while nobody listened.
      if (!booked.isOpened) this.unsure.add(booked.sessionId);
    }
  }

  /** Whether the book has as opened all that was opened. */
  get isCaughtUp(): boolean {
    return this.unsure.size === 0;
  }

  /** Who signs for a session that the node has consented to; undefined for any other. Asks nobody. */
  keyOf(sessionId: string): string | undefined {
    return (this.sessions.get(sessionId)?.booked ?? this.book.find(sessionId))?.session.key;
  }

  /** A session that the node has consented to and the chain has opened; undefined for any other. */
  async find(sessionId: string): Promise<LiveSession | undefined> {
    const session = this.enter(sessionId);
    if (session === undefined) return undefined;
    // What was heard while the chain was asked is newer than its answer.
    while (!isSeen(session) || performance.now() - session.seenAt > FRESH) await this.look(session);
    return session.record.state === SessionState.None ? undefined : session;
  }

  /** Asks the chain how a session stands, once for all who want to know. */
  look(session: LiveSession): Promise<void> {
    session.looking ??= this.ask(session).finally(() => {
      session.looking = undefined;
    });
    return session.looking;
  }

  /** Something was heard of a session, its opening for one: the chain is asked before the next call in it. */
  hear(sessionId: string): void {
    const session = this.enter(sessionId);
    if (session === undefined) return;
    this.open(session);
    session.seenAt = 0;
  }

  /** The chain is another one than it was. */
  hearAll(): void {
    for (const session of this.sessions.values()) session.seenAt = 0;
  }

  /** Sessions about which the chain has to be asked, and those about which it is being asked. */
  unseen(): readonly LiveSession[] {
    return [...this.sessions.values()].filter((session) => !isSeen(session));
  }

  /** Sessions that the chain has, or had. */
  all(): readonly LiveSession[] {
    return [...this.sessions.values()].filter(({ booked }) => booked.isOpened);
  }

  /** The session is final. */
  remove(sessionId: string): void {
    this.sessions.delete(sessionId);
    this.book.over(sessionId);
  }

  private enter(sessionId: string): LiveSession | undefined {
    const known = this.sessions.get(sessionId);
    if (known !== undefined) return known;
    const booked = this.book.find(sessionId);
    if (booked === undefined) return undefined;
    const session = fresh(booked);
    this.sessions.set(sessionId, session);
    return session;
  }

  private async ask(session: LiveSession): Promise<void> {
    const { sessionId } = session.booked;
    session.seenAt = performance.now();
    let record: SessionRecord | undefined;
    try {
      record = await this.read(sessionId);
    } catch (error) {
      session.seenAt = 0;
      throw error;
    }
    session.record = record ?? UNSEEN;
    this.unsure.delete(sessionId);
    if (record !== undefined) this.open(session);
    // Who only asks for consent takes no memory.
    else if (!session.booked.isOpened) this.sessions.delete(sessionId);
  }

  private open(session: LiveSession): void {
    if (session.booked.isOpened) return;
    this.book.opened(session.booked.sessionId);
    session.booked = { ...session.booked, isOpened: true };
  }

  private async read(sessionId: string): Promise<SessionRecord | undefined> {
    try {
      return await getSessionRecord(this.client, { sessionId });
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }
}

/** Whether the chain has answered about it, and nothing was heard of it since. Until then its record says nothing. */
export const isSeen = ({ seenAt, looking }: LiveSession): boolean => seenAt !== 0 && looking === undefined;

/** OPG of a session's vouchers that the node could redeem and has not, base units. */
export const owedOf = (session: LiveSession): bigint => {
  const { redeemed } = session.record;
  // A voucher can be for a call that was never served; what was earned is what counts. The chain counts whole units alone.
  const claim = inPriceUnits(least(session.booked.voucher?.amount ?? 0n, session.booked.earned, mostOf(session)));
  return claim > redeemed ? claim - redeemed : 0n;
};

/** OPG that vouchers of a session can claim in all at present, base units. */
export const mostOf = ({ fields, record }: LiveSession): bigint => mostRedeemable(fields, record);

/** From then on nothing can be redeemed, unix seconds. */
export const endOf = ({ fields, record }: LiveSession): number => sessionEndOf(fields, record);

/**
 * Whether the chain knows of a voucher that this book has not: the book is older than what the node has done, and what it
 * would sign could contradict what it has signed.
 */
export const isOutdated = ({ booked, record }: LiveSession): boolean =>
  record.redeemed > (booked.voucher?.amount ?? 0n);

/** Whether more than a consent was given: money can be owed, or stake be locked. */
export const isEngaged = ({ booked }: LiveSession): boolean => booked.isOpened || booked.voucher !== undefined;

export const isOpen = ({ record }: LiveSession): boolean => record.state === SessionState.Open;

const least = (...amounts: readonly [bigint, ...bigint[]]): bigint => amounts.reduce((a, b) => (a < b ? a : b));

const UNSEEN: SessionRecord = {
  state: SessionState.None,
  funded: 0n,
  redeemed: 0n,
  paid: 0n,
  marked: 0n,
  markedAt: 0,
  closesAt: 0,
};

const fresh = (booked: BookedSession): LiveSession => ({
  booked,
  fields: unpackSession(booked.session),
  record: UNSEEN,
  calls: 0,
  seenAt: 0,
  looking: undefined,
  turn: Promise.resolve(),
});
