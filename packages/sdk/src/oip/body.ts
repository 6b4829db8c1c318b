import { joinBytes } from "../codecs/joinBytes.ts";
import { OipFormatError } from "./errors.ts";

/** With binary data behind it, how long the JSON at the head of a body is. */
export const HEADER_LENGTH = "inference-header-content-length";

/** A request or an answer as it travels. */
export interface OipMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** JSON, and the binary data that goes behind it. */
export function joinBody(json: string, parts: readonly Uint8Array[]): OipMessage {
  const head = new TextEncoder().encode(json);
  if (parts.length === 0) return { headers: { "content-type": "application/json" }, body: joinBytes([head]) };
  const headers = { "content-type": "application/octet-stream", [HEADER_LENGTH]: String(head.length) };
  return { headers, body: joinBytes([head, ...parts]) };
}

/**
 * The JSON of a body, and what is behind it.
 * @param headerLength Value of the header `HEADER_LENGTH`; a body without one is JSON alone.
 * @throws OipFormatError
 */
export function splitBody(
  body: Uint8Array,
  headerLength: string | null | undefined,
): { readonly json: unknown; readonly binary: Uint8Array } {
  const length =
    headerLength === undefined || headerLength === null ? body.length : lengthOf(headerLength, body.length);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body.subarray(0, length)));
  } catch {
    throw new OipFormatError("body", `its first ${length} bytes are no JSON`);
  }
  return { json, binary: body.subarray(length) };
}

function lengthOf(text: string, most: number): number {
  const length = /^[0-9]{1,15}$/.test(text) ? Number(text) : most + 1;
  if (length > most) throw new OipFormatError(HEADER_LENGTH, `must be a number up to ${most}, the length of the body`);
  return length;
}

/** Hands out the binary data behind the JSON, piece by piece. */
export class BinaryData {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(place: string, size: number): Uint8Array {
    const left = this.#bytes.length - this.#at;
    if (size > left) throw new OipFormatError(place, `${size} bytes are not there, the body has ${left} left`);
    this.#at += size;
    // A copy, also of what is a Buffer in Node, whose own `slice` makes none.
    return new Uint8Array(this.#bytes.subarray(this.#at - size, this.#at));
  }

  /** @throws OipFormatError if there are bytes that nobody has taken. */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw new OipFormatError("body", `${left} bytes belong to no tensor`);
  }
}
