import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";

import { decodePayload, encodePayload, payloadRoot, type Tensor } from "@opg-protocol/sdk";

import { writeDurably } from "../writeDurably.ts";

const ROOT = /^0x[0-9a-f]{64}$/;

/** The date of what is new, until it gets one by two clocks: that of the machine alone can be wrong. */
const UNDATED = new Date("2100-01-01");

/** Where payloads are found by their roots. */
export interface PayloadSource {
  /** The encoded payload that has this root, if it is here. */
  get(root: string): Promise<Uint8Array | undefined>;
  tensors(root: string): Promise<Tensor[] | undefined>;
}

/** The payload with this root, from the first of several places that has it. */
export async function findPayload(sources: readonly PayloadSource[], root: string): Promise<Tensor[] | undefined> {
  for (const source of sources) {
    const tensors = await source.tensors(root);
    if (tensors !== undefined) return tensors;
  }
  return undefined;
}

/** Outputs that the node has computed, or inputs that it has answered, each under its root. */
export class OutputStore implements PayloadSource {
  constructor(private readonly folder: string) {}

  /** Keeps a payload, on disk when this returns; gives its root. One that is here already counts as new. */
  async put(tensors: readonly Tensor[]): Promise<string> {
    const root = payloadRoot(tensors);
    const path = join(this.folder, root);
    if (!existsSync(path)) {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await writeDurably(path, encodePayload(tensors), 0o600);
    }
    await utimes(path, UNDATED, UNDATED);
    return root;
  }

  /** The encoded payload that has this root, if it is here. */
  async get(root: string): Promise<Uint8Array | undefined> {
    const path = join(this.folder, root);
    return ROOT.test(root) && existsSync(path) ? readFile(path) : undefined;
  }

  async tensors(root: string): Promise<Tensor[] | undefined> {
    const bytes = await this.get(root);
    return bytes === undefined ? undefined : decodePayload(bytes);
  }

  /**
   * Deletes what is older than `age` milliseconds, and dates what is new. The machine's clock can jump, and a provider can lie
   * about the chain's: whichever keeps more counts.
   * @param time Now, on the chain, unix seconds.
   */
  async prune(age: number, time: number): Promise<void> {
    if (!existsSync(this.folder)) return;
    const clocks = [time, Date.now() / 1000];
    const [earliest, latest] = [Math.min(...clocks), Math.max(...clocks)];
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      const date = (await stat(path)).mtimeMs / 1000;
      if (date > latest) await utimes(path, latest, latest);
      else if ((earliest - date) * 1000 > age) await rm(path);
    }
  }
}
