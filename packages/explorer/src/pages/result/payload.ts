import type { Client, PayloadError, Tensor } from "@opg-protocol/sdk";
import { faultOf, isInlineInput, PayloadError as Fault } from "@opg-protocol/sdk";
import { getBytes, toUtf8String } from "ethers";

import type { FetchBytes } from "../../verify/download.ts";
import { nodeUrlsOf } from "../../verify/nodeUrls.ts";
import { fetchPayload, tensorsOf } from "../../verify/payloads.ts";

/** Most bytes of a payload that are fetched only to be looked at. */
const MOST_BYTES = 8 * 1024 * 1024;

/** The input of an order. Tensors are those of the root, checked. */
export type OrderedInput =
  | { readonly kind: "tensors"; readonly tensors: readonly Tensor[] }
  /** Foreign text. */
  | { readonly kind: "uri"; readonly uri: string }
  | { readonly kind: "broken" };

/** What an order carries: its input, where that is, or bytes that have not the root that the order names. */
export function inputOf(carried: string, inputRoot: string): OrderedInput {
  const bytes = getBytes(carried);
  if (isInlineInput(bytes)) {
    const tensors = tensorsOf(bytes, inputRoot);
    return tensors === undefined ? { kind: "broken" } : { kind: "tensors", tensors };
  }
  try {
    return { kind: "uri", uri: toUtf8String(bytes) };
  } catch {
    return { kind: "broken" };
  }
}

/** What is at an input's address, if it has the root; undefined if it has not. */
export async function fetchInput(
  uri: string,
  inputRoot: string,
  fetchBytes: FetchBytes,
): Promise<readonly Tensor[] | undefined> {
  return tensorsOf(await fetchBytes(uri, { mostBytes: MOST_BYTES }), inputRoot);
}

/** Asks the nodes that have stated an output for its bytes, and gives only those with its root. */
export async function fetchOutput(
  client: Client,
  { root, nodes, versionId }: { readonly root: string; readonly nodes: readonly string[]; readonly versionId: string },
  fetchBytes: FetchBytes,
): Promise<{ readonly tensors: readonly Tensor[]; readonly from: string }> {
  const urls = await nodeUrlsOf(client, { nodes, versionId });
  return fetchPayload(root, [...new Set(urls.map(({ url }) => url))], fetchBytes, { mostBytes: MOST_BYTES });
}

const FAULTS: Readonly<Record<PayloadError, string | undefined>> = {
  [Fault.None]: undefined,
  [Fault.InputMissing]: "There is no output: the order does not carry the input that it commits to.",
  [Fault.InputMalformed]: "There is no output: the input is not of the number, types and shapes that the model takes.",
  [Fault.RefusedByModel]: "There is no output: the model does not run on these values.",
};

/** What a root says if it stands for an error instead of an output. */
export const faultText = (root: string): string | undefined => FAULTS[faultOf(root)];
