import { once } from "node:events";
import type { AddressInfo } from "node:net";

import { serve, type ServerType } from "@hono/node-server";
import { Hono } from "hono";

import type { OutputStore } from "./OutputStore.ts";

const YEAR = 365 * 24 * 60 * 60;

/** Serves outputs over HTTP by their root. Nothing can be changed through it, and whoever reads checks the root. */
export class OutputServer {
  private constructor(private readonly server: ServerType) {}

  static async init(host: string, port: number, outputs: OutputStore, isReady: () => boolean): Promise<OutputServer> {
    const app = new Hono();
    app.get("/livez", (c) => c.text("ok"));
    app.get("/readyz", (c) => (isReady() ? c.text("ok") : c.text("behind the chain", 503)));
    app.get("/v1/outputs/:root", async (c) => {
      const bytes = await outputs.get(c.req.param("root"));
      if (bytes === undefined) return c.json({ error: "This node has no output with that root." }, 404);
      c.header("cache-control", `public, max-age=${YEAR}, immutable`);
      c.header("access-control-allow-origin", "*");
      return c.body(Buffer.from(bytes), 200, { "content-type": "application/octet-stream" });
    });
    const server = serve({ fetch: app.fetch, hostname: host, port });
    await Promise.race([
      once(server, "listening"),
      once(server, "error").then(([error]) => Promise.reject(error as Error)),
    ]);
    return new OutputServer(server);
  }

  get url(): string {
    const { address, port } = this.server.address() as AddressInfo;
    return `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
  }

  async close(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    // Whoever still reads can ask another node; a client that never ends must not keep this one.
    if ("closeAllConnections" in this.server) this.server.closeAllConnections();
    await closed;
  }
}
