import { placeOf, type Surroundings } from "./places.ts";

/** What bounds a download. */
export interface DownloadBounds {
  /** Most bytes that are read. */
  readonly mostBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Told after each piece: bytes so far. */
  readonly onBytes?: ((count: number) => void) | undefined;
}

/** Fetches what is at a URI that a stranger has named. */
export type FetchBytes = (uri: string, bounds: DownloadBounds) => Promise<Uint8Array>;

/** A place has not given what was asked of it. */
export class DownloadError extends Error {
  constructor(place: string, reason: string) {
    super(`${place}: ${reason}`);
    this.name = "DownloadError";
  }
}

/** Most milliseconds until a place has given all. */
const TIMEOUT = 60_000;

/** Fetches from places that `placeOf` lets through. Nothing of the user goes along: no cookie, no referrer. */
export const fetcher =
  (surroundings: Surroundings, request: typeof fetch = fetch): FetchBytes =>
  async (uri, { mostBytes, signal, onBytes }) => {
    const place = placeOf(uri, surroundings);
    const late = AbortSignal.timeout(TIMEOUT);
    const response = await request(place, {
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: signal === undefined ? late : AbortSignal.any([signal, late]),
    });
    if (!response.ok) throw new DownloadError(place.host, `answers with status ${response.status}`);
    if (response.body === null) return new Uint8Array();
    return readBounded(response.body, place.host, { mostBytes, onBytes });
  };

/** All bytes of a stream, which is given up as soon as there are too many: what a header announces is not believed. */
async function readBounded(
  stream: ReadableStream<Uint8Array>,
  host: string,
  { mostBytes, onBytes }: DownloadBounds,
): Promise<Uint8Array> {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    size += part.value.length;
    if (size > mostBytes) {
      await reader.cancel();
      throw new DownloadError(host, `gives more than ${mostBytes} bytes`);
    }
    onBytes?.(size);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
