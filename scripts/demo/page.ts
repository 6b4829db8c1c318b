/** The explorer, served as static hosts do, with the files of models beside it. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";

import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import type { Deployment } from "@opg-protocol/sdk";
import { Hono } from "hono";

import { HOST } from "./chain.ts";
import { HEADERS, PAGE } from "./explorer.ts";

/** The chain is in this process and mines at once. */
const NETWORK = { name: "Local", logRange: 10_000, pollingInterval: 1_000 };

/** What a page that is served here shows. */
export interface ShownNetwork {
  readonly rpcUrl: string;
  readonly deployment: Deployment;
}

/** A page that is served. */
export interface ServedPage {
  /** Without a slash at its end. */
  readonly url: string;
  /** Serves a file beside the page, where whoever knows its sha-256 finds it. Gives its URL. */
  readonly share: (bytes: Uint8Array) => string;
  close(): Promise<void>;
}

/**
 * Serves the page, which must be built before somebody asks for it.
 * @param port A free one by default.
 */
export async function servePage(network: ShownNetwork, port = 0): Promise<ServedPage> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of hostHeaders()) c.header(name, value);
    // A page that was built anew is to be seen; what has its digest in its name never changes.
    const isFixed = c.res.ok && /^\/(assets|artifacts)\//.test(c.req.path);
    c.header("cache-control", isFixed ? "max-age=31536000, immutable" : "no-cache");
  });
  app.get("/network.json", (c) => c.json(configOf(network)));
  app.get("/artifacts/:digest", (c) => {
    const bytes = files.get(c.req.param("digest"));
    return bytes === undefined ? c.notFound() : c.body(bytes, 200, { "content-type": "application/octet-stream" });
  });
  app.get("/*", serveStatic({ root: PAGE }));
  const server = serve({ fetch: app.fetch, hostname: HOST, port });
  await once(server, "listening");
  const url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    share: (bytes) => {
      const digest = createHash("sha256").update(bytes).digest("hex");
      files.set(digest, new Uint8Array(bytes));
      return `${url}/artifacts/${digest}`;
    },
    close: async () => {
      const closed = once(server, "close");
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    },
  };
}

/** What the page's `network.json` says: a deployment as its file has it, with the faucet among the addresses. */
function configOf({ rpcUrl, deployment }: ShownNetwork): object {
  const { chainId, startBlock, addresses, faucet } = deployment;
  const all = faucet === undefined ? addresses : { ...addresses, faucet };
  return { ...NETWORK, rpcUrl, deployment: { chainId, startBlock, addresses: all } };
}

/** The headers that the page asks hosts for: lines below `/*` in its `_headers`. */
function hostHeaders(): readonly (readonly [name: string, value: string])[] {
  const lines = readFileSync(HEADERS, "utf8").split("\n");
  return lines.flatMap((line) => {
    const [, name, value] = /^\s+([A-Za-z-]+):\s*(.+)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
}
