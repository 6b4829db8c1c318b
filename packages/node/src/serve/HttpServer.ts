import { once } from "node:events";
import type { AddressInfo } from "node:net";

import { serve, type ServerType } from "@hono/node-server";
import { Hono } from "hono";

import type { Door } from "../door/Door.ts";
import type { OutputStore } from "./OutputStore.ts";
import { letPagesIn } from "./pages.ts";

const YEAR = 365 * 24 * 60 * 60;
/** Milliseconds that an answer has to reach who asked once the server closes, and between looks whether all have. */
const PATIENCE = 1_000;
const LOOK = 20;

/** What a node serves besides; a watcher serves nothing. */
export interface Served {
  /** By root, which whoever reads checks. */
  readonly outputs?: OutputStore;
  /** Calls of models. */
  readonly door?: Door | undefined;
  /** What is said about sessions. */
  readonly sessions?: Hono | undefined;
  /** Adds what else there is. */
  readonly extend?: (app: Hono) => void;
}

/** Says over HTTP that a daemon lives and keeps up, and answers for whatever else it serves. */
export class HttpServer {
  private constructor(private readonly server: ServerType) {}

  static async init(host: string, port: number, isReady: () => boolean, served: Served = {}): Promise<HttpServer> {
    const { outputs, door, sessions, extend } = served;
    const app = new Hono({ strict: false });
    app.get("/livez", (c) => c.text("ok"));
    app.get("/readyz", (c) => {
      if (door?.isOpen === false) return c.text("stopping", 503);
      return isReady() ? c.text("ok") : c.text("behind the chain", 503);
    });
    letPagesIn(app);
    if (outputs !== undefined) serveOutputs(app, outputs);
    if (door !== undefined) app.route("/v2", door.routes());
    if (sessions !== undefined) app.route("/v1", sessions);
    extend?.(app);
    const server = serve({ fetch: app.fetch, hostname: host, port });
    await Promise.race([
      once(server, "listening"),
      once(server, "error").then(([error]) => Promise.reject(error as Error)),
    ]);
    return new HttpServer(server);
  }

  get url(): string {
    const { address, port } = this.server.address() as AddressInfo;
    return `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
  }

  /** Takes no more requests, and sends what is being answered. */
  async close(): Promise<void> {
    const { server } = this;
    const closed = once(server, "close");
    server.close();
    if (!("closeAllConnections" in server)) {
      await closed;
      return;
    }
    const answered = setInterval(() => {
      server.closeIdleConnections();
    }, LOOK);
    // Whoever still reads can ask another node; a client that never ends must not keep this one.
    const patience = setTimeout(() => {
      server.closeAllConnections();
    }, PATIENCE);
    await closed;
    clearInterval(answered);
    clearTimeout(patience);
  }
}

function serveOutputs(app: Hono, outputs: OutputStore): void {
  app.get("/v1/outputs/:root", async (c) => {
    const bytes = await outputs.get(c.req.param("root"));
    if (bytes === undefined) return c.json({ error: "This node has no output with that root." }, 404);
    c.header("cache-control", `public, max-age=${YEAR}, immutable`);
    return c.body(Buffer.from(bytes), 200, { "content-type": "application/octet-stream" });
  });
}
