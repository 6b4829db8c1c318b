import { openedSession, type PackedSession, type Session, SessionState } from "@opg-protocol/sdk";

import type { EventIndex, TimedEventNamed } from "../history/EventIndex.ts";
import { folded } from "./folded.ts";

/** What happened to a session, as its page lists it. Amounts in base units of OPG, times in unix seconds. */
export interface SessionMove {
  readonly what: string;
  readonly amount: bigint | undefined;
  readonly at: number;
  readonly tx: string;
}

/** A session as the events tell it. Amounts in base units of OPG since it was opened, times in unix seconds. */
export interface SessionView {
  readonly sessionId: string;
  /** As every call on the session takes it. */
  readonly packed: PackedSession;
  readonly fields: Session;
  /** As the chain has it; what has ended and nobody has settled is still open there. */
  readonly state: SessionState;
  readonly openedAt: number;
  readonly openedTx: string;
  /** All that was put in, and where the last of it came. */
  readonly funded: bigint;
  readonly fundedTx: string;
  /** All that vouchers have claimed. */
  readonly redeemed: bigint;
  readonly redeemedTx: string | undefined;
  /** What of that is final and was paid out. */
  readonly paid: bigint;
  /** What has gone back to the payer. */
  readonly refunded: bigint;
  /** Where the last of either went. */
  readonly settledTx: string | undefined;
  /** When it closes at the latest: `closesAt` if somebody has asked, else the end that was agreed on. */
  readonly endsAt: number;
  readonly isClosing: boolean;
  /** Oldest first. */
  readonly moves: readonly SessionMove[];
}

/** Where a session stands in a word. */
export type SessionStage = "open" | "closing" | "ended" | "closed" | "released" | "falsified";

/** Where a session stands at a time of the chain. */
export function stageOf({ state, endsAt, isClosing }: SessionView, now: number): SessionStage {
  switch (state) {
    case SessionState.Falsified:
      return "falsified";
    case SessionState.Released:
      return "released";
    case SessionState.Closed:
      return "closed";
    default:
      if (now >= endsAt) return "ended";
      return isClosing ? "closing" : "open";
  }
}

type SessionEvent = TimedEventNamed<(typeof CHANGES)[number]>;

const CHANGES = [
  "SessionFunded",
  "SessionClosing",
  "VoucherRedeemed",
  "SessionSettled",
  "SessionFalsified",
  "ReceiptShown",
] as const;

/** All sessions, newest first. */
export const sessionsOf = folded((index: EventIndex): readonly SessionView[] => {
  const changes = Map.groupBy(index.named(...CHANGES), ({ args }) => args.sessionId);
  return index
    .named("SessionOpened")
    .map((opened) => told(begun(opened), changes.get(opened.args.sessionId) ?? []))
    .reverse();
});

/** One session. */
export function sessionOf(index: EventIndex, sessionId: string): SessionView | undefined {
  const wanted = sessionId.toLowerCase();
  return sessionsOf(index).find((session) => session.sessionId.toLowerCase() === wanted);
}

function begun(event: TimedEventNamed<"SessionOpened">): SessionView {
  const { sessionId, session, fields } = openedSession(event);
  const { deposit } = event.args;
  return {
    sessionId,
    packed: session,
    fields,
    state: SessionState.Open,
    openedAt: event.timestamp,
    openedTx: event.transactionHash,
    funded: deposit,
    fundedTx: event.transactionHash,
    redeemed: 0n,
    redeemedTx: undefined,
    paid: 0n,
    refunded: 0n,
    settledTx: undefined,
    endsAt: fields.endsAt,
    isClosing: false,
    moves: [moveOf(event, "Opened, with a deposit of", deposit)],
  };
}

/** A session after all that happened to it. Anybody can show or fund again and again, so no list is copied for an event. */
function told(opened: SessionView, events: readonly SessionEvent[]): SessionView {
  const moves = [...opened.moves];
  let session = opened;
  for (const event of events) {
    moves.push(movedBy(session, event));
    session = { ...session, ...changeOf(session, event) };
  }
  return { ...session, moves };
}

function changeOf(session: SessionView, event: SessionEvent): Partial<SessionView> {
  const { transactionHash: tx } = event;
  switch (event.name) {
    case "SessionFunded":
      return { funded: session.funded + event.args.amount, fundedTx: tx };
    case "SessionClosing":
      return { endsAt: Number(event.args.closesAt), isClosing: true };
    case "VoucherRedeemed":
      return { redeemed: event.args.redeemed, redeemedTx: tx };
    case "SessionSettled": {
      const { state, pay, fee, royalty, refund } = event.args;
      return {
        state: stateOf(state),
        paid: session.paid + pay + fee + royalty,
        refunded: session.refunded + refund,
        settledTx: tx,
      };
    }
    case "SessionFalsified":
      return { state: SessionState.Falsified, refunded: session.refunded + event.args.refund, settledTx: tx };
    case "ReceiptShown":
      return {};
  }
}

function movedBy({ redeemed }: SessionView, event: SessionEvent): SessionMove {
  switch (event.name) {
    case "SessionFunded":
      return moveOf(event, "Funded with", event.args.amount);
    case "SessionClosing":
      return moveOf(event, "Asked to close");
    case "VoucherRedeemed":
      return moveOf(event, "Vouchers redeemed for another", event.args.redeemed - redeemed);
    case "SessionSettled": {
      const { pay, fee, royalty, refund } = event.args;
      if (refund > 0n) return moveOf(event, "Settled; back to the payer went", refund);
      return moveOf(event, "Settled; paid out was", pay + fee + royalty);
    }
    case "SessionFalsified":
      return moveOf(event, "Found false; the payer got as compensation", event.args.compensation);
    case "ReceiptShown":
      return moveOf(event, `Receipt of call ${event.args.receipt.sequence} shown`);
  }
}

const moveOf = (
  event: SessionEvent | TimedEventNamed<"SessionOpened">,
  what: string,
  amount?: bigint,
): SessionMove => ({
  what,
  amount,
  at: event.timestamp,
  tx: event.transactionHash,
});

/** The state of this number. */
function stateOf(number: bigint): SessionState {
  const found = Object.values(SessionState).find((state) => state === Number(number));
  return found ?? SessionState.None;
}
