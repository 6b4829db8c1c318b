import { decodePayload, payloadRoot, type Tensor } from "@opg-protocol/sdk";

import { type FetchBytes, fetcher } from "./download.ts";
import { reasonOf } from "./steps.ts";

/** Most bytes of a payload that are fetched. */
export const MOST_PAYLOAD_BYTES = 64 * 1024 * 1024;

/** A payload that has the root that was asked for, and who gave it. */
export interface FoundPayload {
  readonly tensors: readonly Tensor[];
  /** Base URL of who gave it. */
  readonly from: string;
}

/** Nobody gives a payload with this root. */
export class PayloadUnavailableError extends Error {
  readonly root: string;
  /** What each place has said. */
  readonly attempts: readonly string[];

  constructor(root: string, attempts: readonly string[]) {
    const tried = attempts.length === 0 ? "no place is known that could have it" : attempts.join("; ");
    super(`Nobody gives the payload ${root}: ${tried}.`);
    this.name = "PayloadUnavailableError";
    this.root = root;
    this.attempts = attempts;
  }
}

/** What bounds the search for a payload. */
export interface FetchPayloadOptions {
  readonly mostBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks nodes for a payload, one after the other, and gives only what has its root: no node is believed.
 * @param urls base URLs of nodes, which serve payloads under `/v1/outputs/<root>`: `nodeUrlsOf` finds them.
 * @param fetchBytes by default what the page that calls may fetch.
 * @throws PayloadUnavailableError with what each has said; the reason of the signal.
 */
export async function fetchPayload(
  root: string,
  urls: readonly string[],
  fetchBytes: FetchBytes = fetcher({ origin: location.origin, ipfsGateway: undefined }),
  { mostBytes = MOST_PAYLOAD_BYTES, signal }: FetchPayloadOptions = {},
): Promise<FoundPayload> {
  const attempts: string[] = [];
  for (const from of new Set(urls)) {
    try {
      const place = `${from.endsWith("/") ? from : `${from}/`}v1/outputs/${root}`;
      const tensors = tensorsOf(await fetchBytes(place, { mostBytes, signal }), root);
      if (tensors !== undefined) return { tensors, from };
      attempts.push(`${from} gives something else`);
    } catch (error) {
      signal?.throwIfAborted();
      attempts.push(reasonOf(error));
    }
  }
  throw new PayloadUnavailableError(root, attempts);
}

/** The tensors that foreign bytes are the payload of; undefined unless they have this root. */
export function tensorsOf(bytes: Uint8Array, root: string): readonly Tensor[] | undefined {
  try {
    const tensors = decodePayload(bytes);
    return payloadRoot(tensors) === root.toLowerCase() ? tensors : undefined;
  } catch {
    return undefined;
  }
}
