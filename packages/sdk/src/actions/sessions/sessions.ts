import type { Client } from "../../client.ts";
import {
  type PackedSession,
  type Session,
  sessionId,
  type SessionRecord,
  type SessionState,
  unpackSession,
  unpackSessionRecord,
} from "../../codecs/session.ts";
import { type SessionRules, unpackSessionRules } from "../../codecs/sessionRules.ts";
import { NotFoundError } from "../../errors/faults.ts";
import { explained } from "../../errors/ProtocolError.ts";
import type { EventNamed } from "../../events.ts";
import { findLastEvent } from "../../logs.ts";

/** What calls on a session take: the session as both sides have agreed on it. `getSession` gives it for an id. */
export interface SessionParameters {
  readonly session: PackedSession;
}

/** Names a session. */
export interface SessionIdParameters {
  readonly sessionId: string;
}

/** The id of a session of the client's deployment. */
export const sessionIdOf = ({ chainId, addresses }: Pick<Client, "chainId" | "addresses">, session: PackedSession) =>
  sessionId(chainId, addresses.sessions, session);

/** The numbers that the next session lives under. */
export async function getSessionRules(client: Client): Promise<SessionRules> {
  return unpackSessionRules((await explained(client.sessions.governed())).rules);
}

/**
 * Reads what storage keeps of a session.
 * @throws NotFoundError if there is no such session.
 */
export async function getSessionRecord(client: Client, { sessionId }: SessionIdParameters): Promise<SessionRecord> {
  const word = await explained(client.sessions.sessionOf(sessionId));
  if (word === 0n) throw new NotFoundError("session", sessionId);
  return unpackSessionRecord(word);
}

/** A session as it was opened, and where it stands now. */
export interface SessionWithRecord {
  readonly sessionId: string;
  readonly session: PackedSession;
  readonly fields: Session;
  readonly record: SessionRecord;
}

/**
 * Finds a session by its id: its fields in the log of its opening, its state in storage.
 * @throws NotFoundError if there is no such session.
 */
export async function getSession(client: Client, parameters: SessionIdParameters): Promise<SessionWithRecord> {
  const record = await getSessionRecord(client, parameters);
  const event = await findLastEvent(client, "sessions", "SessionOpened", [parameters.sessionId], client.startBlock);
  if (event === undefined) throw new NotFoundError("session", parameters.sessionId);
  return { ...openedSession(event), record };
}

/** The session that an event of its opening carries. */
export function openedSession({ args }: EventNamed<"SessionOpened">): Omit<SessionWithRecord, "record"> {
  const { versionId, payer, node, key, royalty, shape, rules } = args.session;
  const session = { versionId, payer, node, key, royalty, shape, rules };
  return { sessionId: args.sessionId, session, fields: unpackSession(session) };
}

/** Where a session stands now. Amounts since it was opened, OPG base units; times in unix seconds. */
export interface SessionStatus {
  readonly sessionId: string;
  readonly state: SessionState;
  readonly funded: bigint;
  readonly redeemed: bigint;
  readonly paid: bigint;
  /** What vouchers can claim in all now. */
  readonly mostRedeemable: bigint;
  readonly endsAt: number;
  /** The collateral is free from then on. */
  readonly releasableAt: number;
  readonly covered: boolean;
}

/** Where a session stands, in one read. */
export async function getSessionStatus(client: Client, { session }: SessionParameters): Promise<SessionStatus> {
  const { sessionId, state, funded, redeemed, paid, mostRedeemable, endsAt, releasableAt, covered } = await explained(
    client.sessionLens.statusOf(session),
  );
  return {
    sessionId,
    state: Number(state) as SessionState,
    funded,
    redeemed,
    paid,
    mostRedeemable,
    endsAt: Number(endsAt),
    releasableAt: Number(releasableAt),
    covered,
  };
}
