import {
  type Client,
  fitsSpec,
  getVersion,
  type Tensor,
  type TensorSpec,
  type Version,
  versionId,
} from "@opg-protocol/sdk";
import { sha256 } from "ethers";

import type { FetchBytes } from "./download.ts";
import { equal, reasonOf, type RunningStep, type StepName } from "./steps.ts";

export const VERSION_STEP: StepName = { id: "version", title: "The version in the registry", subject: "version" };
export const ARTIFACT_STEP: StepName = { id: "artifact", title: "The model's file", subject: "artifact" };

/** Most bytes of a model's file that a page fetches, unless its user lets it take more. */
export const MOST_ARTIFACT_BYTES = 128 * 1024 * 1024;

/** Reads a version and hashes its identity again: what it says of file, types and graph is then bound to the order. */
export async function readVersion(client: Client, id: string, step: RunningStep): Promise<Version | undefined> {
  const version = await getVersion(client, { versionId: id });
  const found = versionId(version.modelId, version.identity);
  const finding = equal(found, id);
  step.find(
    "version",
    finding,
    finding === "holds"
      ? "The version's identity (digest and size of the file, types, profile, graph) hashes to its id."
      : "What the registry's log says of the version does not hash to its id.",
    [`id ${id}`, `hash ${found}`],
  );
  return finding === "holds" ? version : undefined;
}

/** Where the file of a version comes from. */
export interface ArtifactSources {
  /** What the user has given in place of a download. */
  readonly given?: Uint8Array | undefined;
  readonly fetchBytes: FetchBytes;
  readonly mostBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Brings the file of a version here; undefined, with a finding, unless it has the digest that the registry names. */
export async function readArtifact(
  { identity, uris }: Version,
  { given, ...sources }: ArtifactSources,
  step: RunningStep,
): Promise<Uint8Array | undefined> {
  if (given !== undefined) return checked(given, identity.artifactDigest, "The file that you gave", step);
  const size = Number(identity.artifactSize);
  if (size > sources.mostBytes) {
    step.find("artifact", "untold", `The file has ${size} bytes; this page takes at most ${sources.mostBytes}.`);
    return undefined;
  }
  const attempts: string[] = [];
  for (const uri of uris) {
    try {
      const bytes = await download(uri, size, sources, step);
      if (digestOf(bytes) === identity.artifactDigest.toLowerCase())
        return checked(bytes, identity.artifactDigest, `The file from ${uri}`, step);
      attempts.push(`${uri} gives ${bytes.length} bytes with the SHA-256 ${digestOf(bytes)}, which is another file`);
    } catch (error) {
      sources.signal?.throwIfAborted();
      attempts.push(reasonOf(error));
    }
  }
  // A mirror that gives another file says nothing of the answer: nodes refuse it, too.
  step.find("artifact", "untold", "None of the version's addresses gave this page the file.", attempts);
  return undefined;
}

function download(uri: string, size: number, sources: ArtifactSources, step: RunningStep): Promise<Uint8Array> {
  const { fetchBytes, signal } = sources;
  const onBytes = (count: number) => {
    step.progress(size === 0 ? 1 : count / size);
  };
  return fetchBytes(uri, { mostBytes: size, signal, onBytes });
}

function checked(bytes: Uint8Array, digest: string, what: string, step: RunningStep): Uint8Array | undefined {
  const found = digestOf(bytes);
  const isIt = found === digest.toLowerCase();
  step.find(
    "artifact",
    isIt ? "holds" : "untold",
    isIt
      ? `${what} (${bytes.length} bytes) has the SHA-256 that the registry names.`
      : `${what} has another SHA-256 than the registry names, so it was not run.`,
    [`registry ${digest}`, `file ${found}`],
  );
  return isIt ? bytes : undefined;
}

/** As the registry has digests. Not by WebCrypto, which browsers keep from pages without https. */
const digestOf = (bytes: Uint8Array): string => sha256(bytes);

/** Whether tensors are of the types and shapes that a version takes. */
export const fitsAll = (tensors: readonly Tensor[], specs: readonly TensorSpec[]): boolean =>
  tensors.length === specs.length &&
  specs.every((spec, i) => {
    const tensor = tensors[i];
    return tensor !== undefined && fitsSpec(tensor, spec);
  });
