import type { Client } from "../../client.ts";
import { unpackSession } from "../../codecs/session.ts";
import { interfaces } from "../../contracts.ts";
import { action } from "../action.ts";
import { signerOf } from "../send.ts";
import type { SessionParameters } from "./sessions.ts";

const { sessions } = interfaces;

/** The call of {@link topUpSession}. */
export interface TopUpSessionArguments extends SessionParameters {
  /** Whose balance pays. */
  readonly from: string;
  /** OPG, base units; whole millionths. */
  readonly amount: bigint;
  /** Of the version under the list of a key's grant; none where the caller's own balance pays. */
  readonly versionProof: readonly string[];
}

/** Parameters of {@link topUpSession}. */
export interface TopUpSessionParameters extends SessionParameters {
  /** OPG, base units; whole millionths. */
  readonly amount: bigint;
  /** The caller's balance by default; the payer's where the caller is a key with its grant. */
  readonly from?: "caller" | "payer";
  readonly versionProof?: readonly string[];
}

/**
 * Adds money to an open session.
 * @throws ProtocolError `SessionsUnknown`, `SessionsWrongState`, `SessionsNotParty`, `SessionsKeyNotGranted`,
 * `SessionsVersionNotGranted`, `SessionsOutOfBounds`, `LedgerInsufficientBalance`.
 */
export const topUpSession = action(
  "sessions",
  ({ session, from, amount, versionProof }: TopUpSessionArguments) =>
    sessions.encodeFunctionData("topUp", [session, from, amount, [...versionProof]]),
  {
    prepare: (client: Client, { session, amount, from, versionProof = [] }: TopUpSessionParameters) => {
      const account = from === "payer" ? unpackSession(session).payer : signerOf(client).account;
      return Promise.resolve({ session, amount, from: account, versionProof });
    },
  },
);

/**
 * Ends a session: at once if the node asks, after the notice period if the payer or its key does.
 * @throws ProtocolError `SessionsUnknown`, `SessionsWrongState`, `SessionsNotParty`, `SessionsClosing`.
 */
export const closeSession = action("sessions", ({ session }: SessionParameters) =>
  sessions.encodeFunctionData("close", [session]),
);

/**
 * Brings a session up to date: pays what is final, returns what is left, lets the collateral go. Anyone may.
 * @throws ProtocolError `SessionsUnknown`, `SessionsWrongState`, `SessionsNothingDue`.
 */
export const settleSession = action("sessions", ({ session }: SessionParameters) =>
  sessions.encodeFunctionData("settle", [session]),
);
