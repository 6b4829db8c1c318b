import { type Tensor } from "@opg-protocol/sdk";
import { getBytes, isHexString } from "ethers";

import type { VersionView } from "../entities/versions.ts";
import type { FetchBytes } from "../verify/download.ts";
import { tensorsOf } from "../verify/payloads.ts";

const MOST_BYTES = 1024 * 1024;

/** There is no example input where the version's owner says it is. */
export class NoExampleError extends Error {
  readonly fix = "Make an input of your own.";

  constructor(reason: string) {
    super(`The version's example is not to be had: ${reason}.`);
    this.name = "NoExampleError";
  }
}

/**
 * The input that the version's owner has released it with: from its metadata, and only if it has the root in the registry.
 * @throws NoExampleError, or what fetching throws.
 */
export async function fetchExample(
  { release: { metadataURI, goldenInputRoot } }: Pick<VersionView, "release">,
  fetchBytes: FetchBytes,
): Promise<readonly Tensor[]> {
  const bytes = await fetchBytes(metadataURI, { mostBytes: MOST_BYTES });
  const hex = goldenInput(new TextDecoder().decode(bytes));
  if (hex === undefined) throw new NoExampleError("the metadata has none");
  const tensors = tensorsOf(getBytes(hex), goldenInputRoot);
  if (tensors === undefined) throw new NoExampleError("what the metadata has is not the one of the registry");
  return tensors;
}

/** `{ "golden": { "input": "0x…" } }` */
function goldenInput(json: string): string | undefined {
  try {
    const metadata: unknown = JSON.parse(json);
    const golden = fieldOf(metadata, "golden");
    const input = fieldOf(golden, "input");
    return typeof input === "string" && isHexString(input) ? input : undefined;
  } catch {
    return undefined;
  }
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
