import { lookup as resolve } from "node:dns";
import { open, realpath } from "node:fs/promises";
import type { LookupFunction } from "node:net";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";

import ipaddr from "ipaddr.js";
import { Agent, fetch, type Response } from "undici";

import { FetchRefusedError } from "./errors.ts";

const MOST_REDIRECTS = 3;

export interface FetcherOptions {
  /** Where `ipfs://` is read from, for example `https://ipfs.io`. */
  readonly gateways: readonly string[];
  /** Folders that `file://` may name. None, unless the operator lists some. */
  readonly fileRoots: readonly string[];
  /** Whether hosts of the operator's own network may be fetched from. For development only. */
  readonly allowPrivateHosts: boolean;
  /** Most time that one place may take to serve, milliseconds. */
  readonly timeout: number;
}

/**
 * The one way in which foreign addresses are fetched. Everything about them is hostile: they may point into the
 * operator's own network, redirect there, never end, or be endless.
 */
export class Fetcher {
  private readonly agent: Agent;

  constructor(private readonly options: FetcherOptions) {
    // The address is checked where the connection is made, so that a name cannot resolve to another one in between.
    this.agent = new Agent({ connect: { lookup: this.lookup } });
  }

  /**
   * What `read` makes of the bytes at a URI, of which there are at most `most`. Where several gateways serve it, they are
   * asked in turn, until one serves what `read` takes.
   * @throws FetchRefusedError if the place or what it serves is not acceptable; what `read` throws; network errors as they
   * are.
   */
  async fetch<T>(uri: string, most: number, read: (bytes: Uint8Array) => T, signal?: AbortSignal): Promise<T> {
    const url = parse(uri);
    if (url.protocol === "file:") return read(await this.readFile(url, most));
    const places = url.protocol === "ipfs:" ? this.gatewayUrls(url) : [url];
    let last: unknown = new FetchRefusedError(uri, "no IPFS gateway is configured (fetch.gateways)");
    for (const place of places) {
      try {
        return read(await this.fetchHttp(place, most, signal));
      } catch (error) {
        signal?.throwIfAborted();
        last = error;
      }
    }
    throw last;
  }

  close(): Promise<void> {
    return this.agent.destroy(); // some may never answer
  }

  private async readFile(url: URL, most: number): Promise<Uint8Array> {
    const path = await realpath(fileURLToPath(url));
    const roots = await Promise.all(this.options.fileRoots.map((root) => realpath(root)));
    if (!roots.some((root) => path.startsWith(root + sep))) {
      throw new FetchRefusedError(url.href, "files are read only from the configured folders (fetch.fileRoots)");
    }
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > most) throw new FetchRefusedError(url.href, `has ${size} bytes, more than ${most}`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  }

  /** Where the gateways, in their order, serve a path of IPFS. */
  private gatewayUrls(url: URL): URL[] {
    return this.options.gateways.map((gateway) => {
      const place = new URL(`/ipfs/${url.host}${url.pathname}`, gateway);
      if (!place.pathname.startsWith("/ipfs/")) throw new FetchRefusedError(url.href, "leaves the tree of IPFS");
      return place;
    });
  }

  private async fetchHttp(first: URL, most: number, caller?: AbortSignal): Promise<Uint8Array> {
    const timeout = AbortSignal.timeout(this.options.timeout);
    const signal = caller === undefined ? timeout : AbortSignal.any([caller, timeout]);
    let url = first;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      this.checkHost(url);
      const response = await fetch(url, { dispatcher: this.agent, redirect: "manual", signal }).catch(throwCause);
      const target = response.headers.get("location");
      if (response.status >= 300 && response.status < 400 && target !== null) {
        await response.body?.cancel();
        url = new URL(target, url);
        continue;
      }
      try {
        if (!response.ok) throw new FetchRefusedError(url.href, `answered ${response.status}`);
        return await readBody(url, response, most);
      } finally {
        await response.body?.cancel().catch(() => undefined); // what was not read is not wanted
      }
    }
    throw new FetchRefusedError(first.href, `redirects more than ${MOST_REDIRECTS} times`);
  }

  /** Only TLS, and no address of the operator's network, unless that is allowed. Names are checked in `lookup`. */
  private checkHost(url: URL): void {
    if (this.options.allowPrivateHosts) {
      if (url.protocol !== "https:" && url.protocol !== "http:")
        throw new FetchRefusedError(url.href, "unknown scheme");
      return;
    }
    if (url.protocol !== "https:") throw new FetchRefusedError(url.href, "only https, ipfs and file are fetched");
    const host = url.hostname.replace(/^\[|\]$/g, "");
    if (ipaddr.isValid(host) && !isPublic(host)) {
      throw new FetchRefusedError(url.href, "points into a private network");
    }
  }

  private readonly lookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, "");
        return;
      }
      const usable = addresses.filter(({ address }) => this.options.allowPrivateHosts || isPublic(address));
      const [first] = usable;
      if (first === undefined) callback(new FetchRefusedError(hostname, "resolves into a private network"), "");
      else if (options.all === true) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };
}

function parse(uri: string): URL {
  try {
    return new URL(uri);
  } catch {
    throw new FetchRefusedError(uri, "is not a URI");
  }
}

const isPublic = (address: string) => ipaddr.process(address).range() === "unicast";

/** `fetch` hides why it failed behind an error of its own. */
function throwCause(error: unknown): never {
  throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
}

async function readBody(url: URL, response: Response, most: number): Promise<Uint8Array> {
  const announced = Number(response.headers.get("content-length") ?? 0);
  if (announced > most) throw new FetchRefusedError(url.href, `has ${announced} bytes, more than ${most}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array;
    size += bytes.length;
    if (size > most) throw new FetchRefusedError(url.href, `is longer than ${most} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
