import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { eventually } from "./network.ts";

export type Answer = (exchange: { readonly response: ServerResponse }) => unknown;

/** A server that does to its clients whatever a test tells it to. */
export class HostileServer {
  readonly requests: string[] = [];
  connections = 0;
  readonly #answers = new Map<string, Answer>();
  readonly #open = new Map<string, number>();
  readonly #server = createServer((request, response) => {
    const path = request.url ?? "/";
    this.requests.push(path);
    this.#count(path, 1);
    response.on("close", () => {
      this.#count(path, -1);
    });
    const answer = this.#answers.get(path);
    if (answer === undefined) response.writeHead(404).end();
    else answer({ response });
  });

  async listen(): Promise<void> {
    this.#server.on("connection", () => {
      this.connections += 1;
    });
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Sets what a path answers with; gives its URL. */
  serve(path: string, answer: Answer): string {
    this.#answers.set(path, answer);
    return this.url + path;
  }

  forget(): void {
    this.#answers.clear();
    this.requests.length = 0;
    this.connections = 0;
  }

  /** Waits until all clients of a path have hung up or have their answer. */
  async disconnected(path: string): Promise<void> {
    await eventually(`nobody reads ${path}`, () => Promise.resolve(this.#open.get(path) === 0), 5);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #count(path: string, change: number): void {
    this.#open.set(path, (this.#open.get(path) ?? 0) + change);
  }
}
