import { decodeSuiteError, type DecodedError } from "./decodeSuiteError.ts";

/** A contract refused a call. The message says why, with the values, and what to do next. */
export class ProtocolError extends Error {
  /** The error's name, its values, and the two parts of the message. */
  readonly decoded: DecodedError;

  constructor(decoded: DecodedError, cause: unknown) {
    super(`${decoded.sentence} ${decoded.fix}`, { cause });
    this.name = "ProtocolError";
    this.decoded = decoded;
  }
}

/** Waits for a call, and throws a `ProtocolError` in place of whatever a library makes of a contract's refusal. */
export async function explained<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (thrown) {
    const decoded = decodeSuiteError(thrown);
    throw decoded === undefined ? thrown : new ProtocolError(decoded, thrown);
  }
}

/** Whether a contract refused a call with this error. */
export const isRefusal = (thrown: unknown, name: string): boolean =>
  thrown instanceof ProtocolError && thrown.decoded.name === name;
