/** What calls in sessions take over loopback: the door in a process of its own, payers and who pays nothing in this one. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { packSession, sessionIdOf } from "@opg-protocol/sdk";
import { OipClient } from "@opg-protocol/sdk/oip";
import { MemorySessionStore, resumeSession, type SessionClient } from "@opg-protocol/sdk/session";

import { KEY, SessionChain, sessionWith, VERSION } from "../test/support/sessions.ts";

const SERVER = fileURLToPath(new URL("../test/support/sessionServer.ts", import.meta.url));
const SESSIONS = 16;
const WARM_UP = 200;

export type BenchModel = "echo" | "digits";
/** What each model takes and gives. */
const NAMES = { echo: ["x", "y"], digits: ["image", "logits"] } as const;

export interface PaidCallFigures {
  /** Calls per second, one after the other in one session, and in as many sessions at once. */
  readonly oneSession: number;
  readonly sixteenSessions: number;
  /** Milliseconds of a call that nobody pays for, and of one in a session, of which half are made in turn. */
  readonly bareP50: number;
  readonly bareP99: number;
  readonly paidP50: number;
  readonly paidP99: number;
  /** The difference of the two. */
  readonly addedP50: number;
  readonly addedP99: number;
}

/** @param tick Is called with each call. */
export async function benchPaidCalls(
  folder: string,
  model: BenchModel,
  calls: number,
  tick: () => void,
): Promise<PaidCallFigures> {
  const { url, child } = await start(mkdtempSync(join(folder, `${model}-`)), model);
  try {
    const chain = new SessionChain();
    const sessions = Array.from({ length: SESSIONS }, (_, i) => open(chain, i + 1, url, model));
    const [first] = sessions;
    if (first === undefined) throw new RangeError("There are no sessions");
    let number = 0;
    const paid = async (session: SessionClient): Promise<void> => {
      number += 1;
      await session.infer({ inputs: [image(model, number)] });
      tick();
    };
    const oip = new OipClient({ url });
    const bare = async (): Promise<void> => {
      number += 1;
      await oip.infer({ model: VERSION, inputs: [image(model, number)] });
      tick();
    };
    for (let i = 0; i < WARM_UP; i += 1) await paid(first);
    await Promise.all(sessions.map(paid));

    const bareTimes: number[] = [];
    const paidTimes: number[] = [];
    for (let i = 0; i < calls; i += 1) {
      bareTimes.push(await timeOf(bare));
      paidTimes.push(await timeOf(() => paid(first)));
    }
    const one = await timeOf(() => repeat(calls, () => paid(first)));
    const each = Math.ceil(calls / SESSIONS);
    const sixteen = await timeOf(() => Promise.all(sessions.map((session) => repeat(each, () => paid(session)))));
    const [bareP50, bareP99, paidP50, paidP99] = [bareTimes, paidTimes].flatMap((times) => [
      at(times, 0.5),
      at(times, 0.99),
    ]);
    return {
      oneSession: (calls * 1_000) / one,
      sixteenSessions: (each * SESSIONS * 1_000) / sixteen,
      bareP50: bareP50 ?? NaN,
      bareP99: bareP99 ?? NaN,
      paidP50: paidP50 ?? NaN,
      paidP99: paidP99 ?? NaN,
      addedP50: (paidP50 ?? NaN) - (bareP50 ?? NaN),
      addedP99: (paidP99 ?? NaN) - (bareP99 ?? NaN),
    };
  } finally {
    child.kill("SIGKILL");
  }
}

function open(chain: SessionChain, number: number, url: string, model: BenchModel): SessionClient {
  const session = packSession(sessionWith(number));
  chain.set(sessionIdOf(chain.client, session));
  const [input, output] = NAMES[model];
  const { dtype, shape } = image(model, 0);
  const signature = { inputs: [{ name: input, dtype, shape }], outputs: [{ name: output }] };
  return resumeSession(chain.client, { session, signature, store: new MemorySessionStore(), url, key: KEY });
}

/** An input of its own for each number; both models take as many bytes. */
function image(model: BenchModel, number: number) {
  const data = Uint8Array.from({ length: 64 }, (_, i) => (number * 31 + i * 7 + (number >> (i % 16))) & 0xff);
  return { name: NAMES[model][0], dtype: 2, shape: model === "digits" ? [1, 1, 8, 8] : [64], data };
}

async function start(
  folder: string,
  model: BenchModel,
): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const args = [SERVER, folder, `${SESSIONS}`, model];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [url] = (await once(createInterface(child.stdout), "line")) as [string];
  return { url, child };
}

async function repeat(count: number, work: () => Promise<void>): Promise<void> {
  for (let left = count; left > 0; left -= 1) await work();
}

/** Milliseconds. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begunAt = performance.now();
  await work();
  return performance.now() - begunAt;
}

/** The value below which a part of all lies. */
function at(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(part * (values.length - 1))] ?? NaN;
}
