import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { writeDurably } from "../writeDurably.ts";
import { DigestMismatchError, FetchRefusedError, UnavailableError } from "./errors.ts";
import type { Fetcher } from "./Fetcher.ts";

/** A file as the registry commits to it. */
export interface ArtifactReference {
  /** sha-256, as a hex string of 32 bytes. */
  readonly digest: string;
  /** Bytes; undefined where only the digest is committed to. */
  readonly size?: number;
  readonly uris: readonly string[];
}

/** Files of models, each under the name of its digest: no foreign name ever reaches the disk. */
export class ArtifactStore {
  constructor(
    private readonly folder: string,
    private readonly fetcher: Fetcher,
    /** Most bytes that a file may have. */
    private readonly most: number,
  ) {}

  /**
   * The path of a file that has the digest, fetched from its mirrors if it is not here yet.
   * @throws UnavailableError if no mirror serves it, FetchRefusedError if it is larger than this node takes.
   */
  async path(reference: ArtifactReference, signal?: AbortSignal): Promise<string> {
    const path = join(this.folder, reference.digest.slice(2).toLowerCase());
    if (existsSync(path)) {
      if (sha256(await readFile(path)) === reference.digest.toLowerCase()) return path;
      await rm(path); // a disk has bad days
    }
    const bytes = await this.fetch(reference, signal);
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeDurably(path, bytes, 0o400);
    return path;
  }

  /** Like `path`, but the bytes. */
  async bytes(reference: ArtifactReference, signal?: AbortSignal): Promise<Uint8Array> {
    return readFile(await this.path(reference, signal));
  }

  private async fetch({ digest, size, uris }: ArtifactReference, signal?: AbortSignal): Promise<Uint8Array> {
    if (size !== undefined && size > this.most) {
      throw new FetchRefusedError(uris[0] ?? digest, `has ${size} bytes, more than this node takes (${this.most})`);
    }
    const causes: Error[] = [];
    for (const uri of uris) {
      try {
        const check = (bytes: Uint8Array) => {
          const given = sha256(bytes);
          if (given !== digest.toLowerCase()) throw new DigestMismatchError(uri, given, digest);
          return bytes;
        };
        return await this.fetcher.fetch(uri, size ?? this.most, check, signal);
      } catch (error) {
        signal?.throwIfAborted();
        causes.push(error instanceof Error ? error : new Error(String(error)));
      }
    }
    throw new UnavailableError(causes);
  }
}

export function sha256(bytes: Uint8Array): string {
  return `0x${createHash("sha256").update(bytes).digest("hex")}`;
}
