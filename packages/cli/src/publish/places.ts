import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { UnpublishableError, sha256 } from "./identity.ts";

const TIMEOUT = 120_000;
/** Most bytes of metadata, of which nobody can say beforehand how long they are. */
const MOST_METADATA = 1 << 20;

export interface PlacesOptions {
  /** Where `ipfs:` is read from. */
  readonly gateway: string;
  /** Whether `http:` and `file:` will do, which only nodes of a development chain read. */
  readonly dev: boolean;
}

/**
 * Fetches what others will fetch, from each place, and compares it with the file.
 * @throws UnpublishableError that names the first place which serves something else, or nothing.
 */
export async function checkPlaces(uris: readonly string[], file: Uint8Array, options: PlacesOptions): Promise<void> {
  const expected = sha256(file);
  for (const uri of uris) {
    const served = await fetchPlace(uri, file.length, options);
    if (sha256(served) !== expected)
      throw new UnpublishableError(
        `${uri} serves something else: its sha-256 is ${sha256(served)}, that of the file ${expected}. Upload the file again.`,
      );
  }
}

export const fetchMetadata = (uri: string, options: PlacesOptions): Promise<Uint8Array> =>
  fetchPlace(uri, MOST_METADATA, options);

async function fetchPlace(uri: string, most: number, { gateway, dev }: PlacesOptions): Promise<Uint8Array> {
  const url = URL.parse(uri);
  const allowed = dev ? ["https:", "ipfs:", "http:", "file:"] : ["https:", "ipfs:"];
  if (url === null || !allowed.includes(url.protocol))
    throw new UnpublishableError(`${uri} is no place that nodes read: it must begin with ${allowed.join(" or ")}`);
  try {
    if (url.protocol === "file:") return await readFile(fileURLToPath(url));
    const place = url.protocol === "ipfs:" ? new URL(`/ipfs/${url.host}${url.pathname}`, gateway) : url;
    const response = await fetch(place, { signal: AbortSignal.timeout(TIMEOUT) });
    if (!response.ok) throw new Error(`the answer is ${response.status}`);
    return await readBody(response, most);
  } catch (error) {
    const reason =
      error instanceof Error ? (error.cause instanceof Error ? error.cause : error).message : String(error);
    throw new UnpublishableError(`${uri} cannot be fetched: ${reason}. Upload it, or name another place.`, {
      cause: error,
    });
  }
}

async function readBody({ body }: Response, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > most) throw new Error(`it is longer than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
