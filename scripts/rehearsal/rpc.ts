/** JSON-RPC between the suite and a chain, where a rehearsal can lie, lose, refuse, or stop the world. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { z } from "zod";

export const HOST = "127.0.0.1";

const Request = z.looseObject({
  id: z.union([z.number(), z.string()]),
  method: z.string(),
  params: z.array(z.unknown()).optional(),
});
const Answer = z.looseObject({
  result: z.unknown().optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});
export type RpcRequest = z.infer<typeof Request>;
export type RpcAnswer = z.infer<typeof Answer>;

/** What becomes of a request: what `forward` answers, something else, or an HTTP status without an answer. */
export type Meddle = (
  request: RpcRequest,
  forward: () => Promise<RpcAnswer>,
) => Promise<RpcAnswer | { readonly status: 429 | 503 }>;

/** Asks a chain. */
export async function ask(url: string, method: string, params: readonly unknown[] = []): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { result, error } = Answer.parse(await response.json());
  if (error !== undefined) throw new Error(`${method}: ${error.message}`);
  return result;
}

/** A server between the suite and a chain; `meddle` can be changed while it runs. */
export class Proxy {
  meddle: Meddle = (_request, forward) => forward();
  readonly url: string;
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
    this.url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  }

  static async before(chain: string): Promise<Proxy> {
    const app = new Hono();
    const started = await new Promise<Server>((resolve) => {
      const server = serve({ fetch: app.fetch, hostname: HOST, port: 0, createServer }, () => {
        resolve(server as Server);
      });
    });
    // A line that is closed for idleness in the moment of a request would look like a chain that fails.
    started.keepAliveTimeout = 0;
    const proxy = new Proxy(started);
    app.post("/", async (context) => {
      const body: unknown = await context.req.json();
      const requests = z.array(Request).parse(Array.isArray(body) ? body : [body]);
      const answers: unknown[] = [];
      for (const request of requests) {
        const answer = await proxy.meddle(request, () => forward(chain, request));
        if ("status" in answer) return context.body(null, answer.status as 429, { "Retry-After": "0" });
        answers.push({ jsonrpc: "2.0", id: request.id, ...answer });
      }
      return context.json(Array.isArray(body) ? answers : answers[0]);
    });
    return proxy;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

async function forward(chain: string, request: RpcRequest): Promise<RpcAnswer> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(chain, { method: "POST", headers, body: JSON.stringify(request) });
  const { result, error } = Answer.parse(await response.json());
  return error === undefined ? { result: result ?? null } : { error };
}
