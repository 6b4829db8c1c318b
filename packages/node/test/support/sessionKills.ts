/** Payers call a node's door in sessions while its process is killed again and again; then what is left is counted. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { packSession, sessionIdOf, type SignedReceipt } from "@opg-protocol/sdk";
import { MemorySessionStore, resumeSession, type SessionStore } from "@opg-protocol/sdk/session";

import { SessionBook } from "../../dist/sessions/SessionBook.js";
import { bytes, KEY, PRICE, SessionChain, sessionWith } from "./sessions.ts";

const SERVER = fileURLToPath(new URL("sessionServer.ts", import.meta.url));
/** Milliseconds of calls after a start, at most, before the next kill: the first calls of a process are its slowest. */
const MOST_LIFE = 400;
const SESSIONS = 4;

export interface KillFigures {
  readonly kills: number;
  /** Receipts that payers have seen, and how many of them the node has not any more, or has otherwise. */
  readonly receipts: number;
  readonly lost: number;
  /** Sessions in which the node could redeem less than its payer has seen receipts for. */
  readonly short: number;
  /** Kills while a call was under way that its payer had to ask about again. */
  readonly interrupted: number;
}

/** @param tick Is called with each kill. */
export async function killMany(
  folder: string,
  kills: number,
  tick: () => void = () => undefined,
): Promise<KillFigures> {
  const chain = new SessionChain();
  const payers = Array.from({ length: SESSIONS }, (_, i) => new Payer(chain, i + 1));
  let interrupted = 0;
  let lost = 0;
  let short = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const { url, child } = await start(folder);
    const over = new AbortController();
    const calling = payers.map((payer) => payer.call(url, over.signal));
    await sleep(Math.random() * MOST_LIFE);
    child.kill("SIGKILL");
    await once(child, "exit");
    over.abort();
    interrupted += (await Promise.all(calling)).filter((isPending) => isPending).length;
    // With its process, the lock on the book is gone.
    const book = SessionBook.open(join(folder, "sessions.sqlite"));
    lost = payers.reduce((sum, payer) => sum + payer.missing(book), 0);
    short = payers.filter((payer) => payer.isShort(book)).length;
    book.close();
    tick();
    if (lost > 0 || short > 0) break;
  }
  const receipts = payers.reduce((sum, { seen }) => sum + seen.length, 0);
  return { kills, receipts, lost, short, interrupted };
}

class Payer {
  readonly seen: SignedReceipt[] = [];
  readonly #chain: SessionChain;
  readonly #number: number;
  readonly #memory = new MemorySessionStore();
  readonly #store: SessionStore = {
    get: (sessionId) => this.#memory.get(sessionId),
    put: (sessionId, state) => this.#memory.put(sessionId, state),
    archive: ({ receipt }) => {
      this.seen.push(receipt);
      return Promise.resolve();
    },
  };
  #calls = 0;

  constructor(chain: SessionChain, number: number) {
    this.#chain = chain;
    this.#number = number;
    chain.set(this.id);
  }

  get id(): string {
    return sessionIdOf(this.#chain.client, packSession(sessionWith(this.#number)));
  }

  /** Calls until the door is gone. True if a call is left that may have been served. */
  async call(url: string, signal: AbortSignal): Promise<boolean> {
    const { client } = this.#chain;
    const [session, store] = [packSession(sessionWith(this.#number)), this.#store];
    const signature = { inputs: [{ name: "x", dtype: 2, shape: [0] }], outputs: [{ name: "y" }] };
    const payer = resumeSession(client, { session, signature, store, url, key: KEY, retries: 0 });
    while (!signal.aborted) {
      this.#calls += 1;
      const data = bytes(this.#number, this.#calls & 255, (this.#calls >> 8) & 255);
      try {
        await payer.infer({ inputs: [{ name: "x", ...data }] });
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // what `fetch` throws where nobody answers
        break;
      }
    }
    return ((await store.get(this.id))?.sent.length ?? 0) > 0;
  }

  /** Receipts that this payer has and the book has not as they were given. */
  missing(book: SessionBook): number {
    return this.seen.filter((receipt) => {
      const kept = book.receipt(this.id, receipt.sequence);
      return kept?.outputRoot !== receipt.outputRoot || kept.signature.r !== receipt.signature.r;
    }).length;
  }

  isShort(book: SessionBook): boolean {
    const seen = this.seen.reduce((sum, { price }) => sum + price, 0n);
    const booked = book.find(this.id);
    const earned = booked === undefined ? 0n : (booked.next - 1n) * PRICE;
    return earned < seen || (booked?.voucher?.amount ?? 0n) < earned;
  }
}

async function start(folder: string): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [SERVER, folder, `${SESSIONS}`], { stdio: ["ignore", "pipe", "inherit"] });
  const [url] = (await once(createInterface(child.stdout), "line")) as [string];
  return { url, child };
}
