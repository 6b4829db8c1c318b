/** What a node's door says about sessions, beside the Open Inference Protocol. */
import { getAddress } from "ethers";

import type { NodeConsent } from "../actions/sessions/opening.ts";
import type { SignedReceipt } from "../actions/sessions/receipts.ts";
import type { SignedVoucher } from "../actions/sessions/vouchers.ts";
import { packSession, type PackedSession, type Session } from "../codecs/session.ts";
import { hasStatus } from "../oip/errors.ts";
import { exchange } from "../oip/exchange.ts";
import { NoConsentError, SessionFormatError } from "./errors.ts";
import { callHeaders, MOST_UINT96, number, objectIn, readReceiptText, unixTime, word } from "./headers.ts";

/** Bytes of an answer here. */
const MOST_BYTES = 65_536;
const TIMEOUT = 10_000;
const UNKNOWN = 404;
/** The status of a node that does not want a session, whoever asks again. */
const UNWANTED = 422;
const FIELDS = ["versionId", "payer", "node", "royalty", "shape", "rules"] as const;

/** What a node asks for calls of a version. */
export interface SessionOffer {
  readonly node: string;
  readonly versionId: string;
  /** Of one call, OPG base units. */
  readonly callPrice: bigint;
  /** Of a byte of a text, which costs no more than a call then, OPG base units; undefined where a text costs what any call does. */
  readonly tokenPrice?: bigint;
  /** Most that it lets answer for one session, OPG base units. */
  readonly mostCollateral: bigint;
}

/** What ends a question early. */
interface Asking {
  readonly signal?: AbortSignal | undefined;
}

interface Question extends Asking {
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON that is posted; asked for without, it is got. */
  readonly body?: string;
}

/** Parameters of {@link askOffer}. */
export interface AskOfferParameters extends Asking {
  readonly url: string;
  readonly versionId: string;
}

/**
 * What a node asks for calls of a version.
 * @throws NoConsentError if it offers none; OipStatusError, SessionFormatError, a RangeError for too long an answer, or what
 * `fetch` throws.
 */
export async function askOffer({ url, versionId, signal }: AskOfferParameters): Promise<SessionOffer> {
  const fields = await ask(url, `v1/offers/${versionId}`, { signal });
  const { tokenPrice } = fields;
  return {
    node: address("node", fields.node),
    versionId: word("versionId", fields.versionId),
    callPrice: number("callPrice", fields.callPrice, MOST_UINT96),
    ...(tokenPrice !== undefined && { tokenPrice: number("tokenPrice", tokenPrice, MOST_UINT96) }),
    mostCollateral: number("mostCollateral", fields.mostCollateral, MOST_UINT96),
  };
}

/** Parameters of {@link askConsent}. */
export interface AskConsentParameters extends Asking {
  readonly url: string;
  readonly session: Session;
}

/**
 * Asks a node whether it wants a session.
 * @throws NoConsentError; OipStatusError, SessionFormatError, a RangeError for too long an answer, or what `fetch` throws.
 */
export async function askConsent({ url, session, signal }: AskConsentParameters): Promise<NodeConsent> {
  const body = JSON.stringify(packSession(session));
  return readConsent(await ask(url, "v1/sessions", { body, signal }));
}

/** Parameters of {@link askReceipt}. */
export interface AskReceiptParameters extends Asking {
  readonly url: string;
  readonly sequence: bigint;
  /** Of the session, for nothing: shows that who asks holds its key. */
  readonly voucher: SignedVoucher;
}

/**
 * The receipt that a node has given for a call; undefined if it has served none.
 * @throws SessionFormatError if what it gives is none; OipStatusError, a RangeError for too long an answer, or what `fetch`
 * throws, if it does not say.
 */
export async function askReceipt(parameters: AskReceiptParameters): Promise<SignedReceipt | undefined> {
  const { url, sequence, voucher, signal } = parameters;
  try {
    return readReceiptText(await say(url, "v1/receipts", { headers: callHeaders({ sequence, voucher }), signal }));
  } catch (error) {
    if (hasStatus(error, UNKNOWN)) return undefined;
    throw error;
  }
}

/**
 * A session as somebody asks for it. Foreign text.
 * @throws SessionFormatError
 */
export function readSessionText(text: string): PackedSession {
  const fields = objectIn("body", text);
  const words = FIELDS.map((field) => [field, word(field, fields[field])] as const);
  const session = Object.fromEntries(words) as Record<(typeof FIELDS)[number], string>;
  return { ...session, key: address("key", fields.key) };
}

/** A consent as text. */
export const writeConsent = ({ validUntil, signature }: NodeConsent): string =>
  JSON.stringify({ validUntil, signature });

function readConsent(fields: Readonly<Record<string, unknown>>): NodeConsent {
  const validUntil = unixTime("validUntil", fields.validUntil);
  const signature = (fields.signature ?? {}) as Readonly<Record<string, unknown>>;
  const words = { r: word("signature.r", signature.r), vs: word("signature.vs", signature.vs) };
  return { validUntil, signature: words };
}

function address(place: string, value: unknown): string {
  try {
    return getAddress(value as string);
  } catch {
    throw new SessionFormatError(place, "an address");
  }
}

async function ask(url: string, path: string, question: Question) {
  try {
    return objectIn("body", await say(url, path, question));
  } catch (error) {
    if (hasStatus(error, UNKNOWN)) throw new NoConsentError(url, "it offers no sessions of this version");
    if (hasStatus(error, UNWANTED)) throw new NoConsentError(url, error.reason);
    throw error;
  }
}

/** What a door answers, as text. */
async function say(url: string, path: string, { signal, body, headers }: Question): Promise<string> {
  const request = body === undefined ? { headers: { ...headers } } : { ...POSTED, body };
  const answer = await exchange({ url, path, request, timeout: TIMEOUT, mostBytes: MOST_BYTES, signal });
  return new TextDecoder().decode(answer.body);
}

const POSTED = { method: "POST", headers: { "content-type": "application/json" } };
