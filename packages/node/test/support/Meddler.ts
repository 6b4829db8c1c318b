/** Stands between callers and a node's door, as a proxy does, and makes of what it passes on what a test wants. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import { readCallHeaders } from "@opg-protocol/sdk/session";

/** What becomes of a call: it is passed on, refused, or answered by the node and never delivered, or with one byte changed. */
export type Meddling = "passes" | "refuses" | "swallows" | "changes";

/** A call that somebody pays for, as it came by. */
export interface SeenCall {
  readonly sequence: bigint;
  /** OPG of its voucher, base units. */
  readonly amount: bigint;
}

export class Meddler {
  meddling: Meddling = "passes";
  /** Calls that came by, oldest first. */
  readonly calls: SeenCall[] = [];
  readonly #target: string;
  readonly #server = createServer((request, response) => {
    this.#pass(request, response).catch(() => response.destroy());
  });

  constructor(target: string) {
    this.#target = target;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** OPG of the best voucher that came by, base units. */
  get best(): bigint {
    return this.calls.reduce((best, { amount }) => (amount > best ? amount : best), 0n);
  }

  async listen(): Promise<this> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "/", headers } = request;
    const given = new Headers(headers as Record<string, string>);
    const isCall = url.endsWith("/infer");
    const paid = isCall ? readCallHeaders(given) : undefined;
    if (paid !== undefined) this.calls.push({ sequence: paid.sequence, amount: paid.voucher.amount });
    const body = await buffer(request);
    if (isCall && this.meddling === "refuses") {
      response.writeHead(503).end('{"error":"busy"}');
      return;
    }
    for (const name of ["host", "connection", "content-length", "transfer-encoding"]) given.delete(name);
    const sent = { method, headers: given, ...(method === "POST" && { body }) };
    const answer = await fetch(new URL(url, this.#target), sent);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (isCall && this.meddling === "swallows") {
      response.destroy();
      return;
    }
    const last = bytes.length - 1;
    if (isCall && this.meddling === "changes") bytes[last] = (bytes[last] ?? 0) ^ 1;
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(bytes);
  }
}
