/** Stands between a daemon and its provider, and makes of what goes through what the worst of providers would. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

import { hexlify, keccak256, type Log, randomBytes, toQuantity } from "ethers";

import type { Random } from "../../../../test/model/Random.ts";

/** Milliseconds, and blocks. */
const MOST_DELAY = 3_000;
const MOST_LAG = 6;

/** What can become of a request, whatever it asks, with how likely that is. */
const OF_REQUESTS = {
  slow: 0.02,
  tooMany: 0.01,
  unavailable: 0.006,
  /** It is worked on, and the answer is lost. */
  cut: 0.006,
  noJson: 0.006,
  misshapen: 0.006,
  /** Answered twice at once. */
  repeated: 0.02,
};

/** What can become of one call, by its method. */
const OF_CALLS = {
  eventsLeftOut: 0.4,
  oldHead: 0.1,
  otherHash: 0.05,
  noBlock: 0.05,
  noReceipt: 0.3,
  /** The transaction is taken, and said to have been known. */
  alreadyKnown: 0.3,
  /** The transaction is lost, and said to have been taken. */
  dropped: 0.3,
};

type Meddling = keyof typeof OF_REQUESTS | keyof typeof OF_CALLS;

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: unknown;
}

export class HostileRpc {
  /** Until then everything is passed on as it is. */
  isHostile = false;
  /** How often each was done. */
  readonly counts: Record<Meddling, number>;
  readonly #target: string;
  readonly #random: Random;
  readonly #server = createServer((request, response) => {
    this.#pass(request, response).catch(() => response.destroy());
  });

  /** @param target Where the chain is reached. */
  constructor(target: string, random: Random) {
    this.#target = target;
    this.#random = random;
    const kinds = Object.keys({ ...OF_REQUESTS, ...OF_CALLS }) as Meddling[];
    this.counts = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Meddling, number>;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
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
    const calls = [JSON.parse((await buffer(request)).toString()) as Call | readonly Call[]].flat();
    if (this.#does("slow")) await sleep(this.#random.int(MOST_DELAY));
    if (this.#does("tooMany")) return void response.writeHead(429).end();
    if (this.#does("unavailable")) return void response.writeHead(503).end();
    const replies = await Promise.all(calls.map((call) => this.#answer(call)));
    if (this.#does("cut")) return void response.destroy();
    if (this.#does("noJson")) return void response.end("<html><body>502 Bad Gateway</body></html>");
    const answers = this.#does("repeated") ? [...replies, ...replies] : replies;
    const told = this.#does("misshapen") ? this.#misshape(answers) : answers;
    response.setHeader("content-type", "application/json").end(JSON.stringify(told));
  }

  async #answer(call: Call): Promise<Reply> {
    const { id, method, params } = call;
    switch (method) {
      case "eth_getLogs": {
        const reply = await this.#ask(call);
        const logs = reply.result as readonly Log[] | undefined;
        if (logs === undefined || logs.length === 0 || !this.#does("eventsLeftOut")) return reply;
        return { ...reply, result: logs.filter(() => this.#random.chance(0.5)) };
      }
      case "eth_blockNumber":
        return this.#does("oldHead") ? { ...(await this.#ask(call)), result: await this.#earlier() } : this.#ask(call);
      case "eth_getBlockByNumber": {
        if (params[0] === "latest") {
          const number = this.#does("oldHead") ? await this.#earlier() : "latest";
          return this.#ask({ ...call, params: [number, params[1]] });
        }
        if (this.#does("noBlock")) return { id, result: null };
        const reply = await this.#ask(call);
        if (reply.result === null || !this.#does("otherHash")) return reply;
        return { ...reply, result: { ...(reply.result as object), hash: hexlify(randomBytes(32)) } };
      }
      case "eth_getTransactionReceipt":
        return this.#does("noReceipt") ? { id, result: null } : this.#ask(call);
      case "eth_sendRawTransaction": {
        if (this.#does("dropped")) return { id, result: keccak256(params[0] as string) };
        const reply = await this.#ask(call);
        if (reply.error !== undefined || !this.#does("alreadyKnown")) return reply;
        return { id, error: { code: -32_000, message: "already known" } };
      }
      default:
        return this.#ask(call);
    }
  }

  /** Whether this is done now. Then it counts. */
  #does(kind: Meddling): boolean {
    const does = this.isHostile && this.#random.chance({ ...OF_REQUESTS, ...OF_CALLS }[kind]);
    if (does) this.counts[kind] += 1;
    return does;
  }

  /** The number of a block before the last one. */
  async #earlier(): Promise<string> {
    const { result } = await this.#ask({ id: 0, method: "eth_blockNumber", params: [] });
    return toQuantity(Math.max(0, Number(result) - this.#random.between(1, MOST_LAG)));
  }

  /** An answer as JSON, and not as the protocol has it. */
  #misshape(replies: readonly Reply[]): unknown {
    return this.#random.pick([
      {},
      [],
      null,
      "busy",
      replies.map(({ id }) => ({ id })),
      replies.map(({ result }) => ({ id: -1, result })),
      replies.map(({ id }) => ({ id, result: {} })),
      replies.map(({ id }) => ({ id, result: 7 })),
      replies.map(({ id }) => ({ id, error: "busy" })),
    ]);
  }

  async #ask(call: Call): Promise<Reply> {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(this.#target, { method: "POST", headers, body: JSON.stringify(call) });
    return (await answer.json()) as Reply;
  }
}
