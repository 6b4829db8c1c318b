import { isHexString } from "ethers";

import type { SignedReceipt } from "../actions/sessions/receipts.ts";
import type { SignedVoucher } from "../actions/sessions/vouchers.ts";
import { SessionFormatError } from "./errors.ts";

/** What pays for a call: session, number of the call, and the voucher as `amount;r;vs`. */
const SESSION_HEADER = "opg-session";
const SEQUENCE_HEADER = "opg-sequence";
const VOUCHER_HEADER = "opg-voucher";
/** What binds the node to its answer: a receipt as JSON. */
export const RECEIPT_HEADER = "opg-receipt";

const MOST_UINT64 = 2n ** 64n - 1n;
/** Amounts of OPG as contracts keep them. */
export const MOST_UINT96 = 2n ** 96n - 1n;
const MOST_UINT128 = 2n ** 128n - 1n;
const MOST_UINT48 = 2 ** 48 - 1;

/** A call that somebody pays for. */
export interface PaidCall {
  readonly sequence: bigint;
  readonly voucher: SignedVoucher;
}

/** What travels with a call; with a question for its receipt, the voucher is of nothing and only shows who asks. */
export const callHeaders = ({ sequence, voucher }: PaidCall): Readonly<Record<string, string>> => ({
  [SESSION_HEADER]: voucher.sessionId,
  [SEQUENCE_HEADER]: String(sequence),
  [VOUCHER_HEADER]: `${voucher.amount};${voucher.signature.r};${voucher.signature.vs}`,
});

/**
 * Reads what travels with a call; undefined if it is not paid for. Foreign text.
 * @throws SessionFormatError
 */
export function readCallHeaders(headers: Pick<Headers, "get">): PaidCall | undefined {
  const sessionId = headers.get(SESSION_HEADER);
  if (sessionId === null) return undefined;
  const [amount, r, vs, more] = (headers.get(VOUCHER_HEADER) ?? "").split(";");
  if (more !== undefined) throw new SessionFormatError(VOUCHER_HEADER, "amount;r;vs");
  return {
    sequence: number(SEQUENCE_HEADER, headers.get(SEQUENCE_HEADER), MOST_UINT64),
    voucher: {
      sessionId: word(SESSION_HEADER, sessionId),
      amount: number(VOUCHER_HEADER, amount, MOST_UINT128),
      signature: { r: word(VOUCHER_HEADER, r), vs: word(VOUCHER_HEADER, vs) },
    },
  };
}

/**
 * Reads whose receipt is asked for. Foreign text.
 * @throws SessionFormatError
 */
export function readReceiptQuestion(headers: Pick<Headers, "get">): PaidCall {
  const question = readCallHeaders(headers);
  if (question === undefined) throw new SessionFormatError(SESSION_HEADER, "32 bytes, 0x and 64 hex digits");
  return question;
}

/** A receipt as text. */
export function writeReceipt(receipt: SignedReceipt): string {
  const { sessionId, sequence, versionId, inputRoot, outputRoot, price, issuedAt, signature } = receipt;
  const numbers = { sequence: String(sequence), price: String(price), issuedAt };
  return JSON.stringify({ sessionId, versionId, inputRoot, outputRoot, ...numbers, signature });
}

/**
 * Reads a receipt. Foreign text; who signed it is another question.
 * @throws SessionFormatError
 */
export function readReceiptText(text: string): SignedReceipt {
  const fields = objectIn(RECEIPT_HEADER, text);
  const signature = (fields.signature ?? {}) as Readonly<Record<string, unknown>>;
  return {
    sessionId: word("sessionId", fields.sessionId),
    sequence: number("sequence", fields.sequence, MOST_UINT64),
    versionId: word("versionId", fields.versionId),
    inputRoot: word("inputRoot", fields.inputRoot),
    outputRoot: word("outputRoot", fields.outputRoot),
    price: number("price", fields.price, MOST_UINT96),
    issuedAt: unixTime("issuedAt", fields.issuedAt),
    signature: { r: word("signature.r", signature.r), vs: word("signature.vs", signature.vs) },
  };
}

/** @throws SessionFormatError unless the text is a JSON object. */
export function objectIn(place: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new SessionFormatError(place, "a JSON object");
}

/** @throws SessionFormatError unless the value is 32 bytes in hex. */
export function word(place: string, value: unknown): string {
  if (typeof value === "string" && isHexString(value, 32)) return value.toLowerCase();
  throw new SessionFormatError(place, "32 bytes, 0x and 64 hex digits");
}

/** @throws SessionFormatError unless the value is a decimal number up to `most`. */
export function number(place: string, value: unknown, most: bigint): bigint {
  const given = typeof value === "string" && /^(0|[1-9][0-9]{0,38})$/.test(value) ? BigInt(value) : most + 1n;
  if (given > most) throw new SessionFormatError(place, `a decimal number up to ${most}`);
  return given;
}

/** @throws SessionFormatError unless the value is unix seconds that a contract can read. */
export function unixTime(place: string, value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MOST_UINT48) return value;
  throw new SessionFormatError(place, "unix seconds");
}
