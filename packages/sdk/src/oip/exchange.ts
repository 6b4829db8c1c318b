import { readAtMost } from "../readAtMost.ts";
import { OipFormatError, OipStatusError } from "./errors.ts";
import { asObject } from "./fields.ts";

/** Most characters of what a server gives as a reason that get into an error. */
const MOST_REASON = 500;

/** A request to a server, and the bounds of its answer. */
export interface Exchange {
  /** Base URL of the server. */
  readonly url: string;
  /** Below the base URL, without a slash before it. */
  readonly path: string;
  readonly request?: Pick<RequestInit, "method" | "headers" | "body">;
  /** Most milliseconds until the whole answer is here. */
  readonly timeout: number;
  /** Most bytes of the answer. */
  readonly mostBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Is told the parts of a successful answer as they come. What it throws ends the exchange. */
  readonly watch?: (part: Uint8Array) => void;
}

/** What a server has answered with a status of success. */
export interface ExchangedAnswer {
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/**
 * Asks a server, which is not followed elsewhere.
 * @throws OipStatusError, a RangeError for too long an answer, a `TimeoutError`, the reason of the signal, or what `fetch` throws
 * where there is no server.
 */
export async function exchange(parameters: Exchange): Promise<ExchangedAnswer> {
  const { url, path, request, timeout, mostBytes, signal, watch } = parameters;
  const late = new AbortController();
  // Cleared, unlike the timer of `AbortSignal.timeout`: calls by the thousand must not leave one each behind.
  const timer = setTimeout(() => {
    late.abort(new DOMException(`The server took more than ${timeout} ms.`, "TimeoutError"));
  }, timeout);
  try {
    const response = await fetch(new URL(path, url.endsWith("/") ? url : `${url}/`), {
      ...request,
      // What is sent along belongs to this server, and to none that it names.
      redirect: "error",
      signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
    });
    const body =
      response.body === null
        ? new Uint8Array()
        : await readAtMost(response.body, mostBytes, response.ok ? watch : undefined);
    if (response.ok) return { headers: response.headers, body };
    throw new OipStatusError(response.status, reasonIn(body), secondsOf(response.headers.get("retry-after")));
  } catch (error) {
    late.abort(); // whoever sends something else than was asked for is not listened to any longer
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** @throws OipFormatError */
export function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new OipFormatError("body", "is no JSON");
  }
}

/** What the protocol has servers say of a failure. */
function reasonIn(body: Uint8Array): string {
  try {
    const { error } = asObject("body", parsed(body));
    return typeof error === "string" ? error.slice(0, MOST_REASON) : "it gives no reason";
  } catch {
    return "it gives no reason";
  }
}

const secondsOf = (text: string | null): number | undefined =>
  text !== null && /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
