/** What a process takes that has kept a million receipts. The calls are made up; book and table are the real ones. */
import { mkdtempSync, statSync } from "node:fs";
import { join } from "node:path";

import { packSession, sessionIdOf, type SignedReceipt } from "@opg-protocol/sdk";
import { id, toBeHex } from "ethers";

import type { BookedSession } from "../dist/sessions/SessionBook.js";
import { bytes, now, PRICE, SessionBench, sessionWith, VERSION } from "../test/support/sessions.ts";

const MIB = 1024 * 1024;
/** Sessions, each of which has a call at the same time. */
const SESSIONS = 256;

export interface ReceiptFigures {
  readonly receipts: number;
  /** MiB resident, before the first receipt, after a tenth of them, and at the end. */
  readonly memoryBefore: number;
  readonly memoryAfterTenth: number;
  readonly memory: number;
  /** MiB of the book, with an input and an output of 64 bytes each. */
  readonly disk: number;
  readonly perSecond: number;
}

/** @param tick Is called with the number of receipts that were kept. */
export async function benchReceipts(
  folder: string,
  receipts: number,
  tick: (count: number) => void,
): Promise<ReceiptFigures> {
  const place = mkdtempSync(join(folder, "receipts-"));
  const bench = new SessionBench(place);
  const { book, table, chain } = bench;
  for (let number = 1; number <= SESSIONS; number += 1) {
    const packed = packSession(sessionWith(number));
    const sessionId = sessionIdOf(chain.client, packed);
    await book.consent(sessionId, packed, now());
    chain.set(sessionId);
    await table.find(sessionId);
  }
  const sessions = table.all();
  globalThis.gc?.();
  const memoryBefore = residentMemory();
  let memoryAfterTenth = 0;
  const begunAt = performance.now();
  for (let done = 0; done < receipts; done += SESSIONS) {
    await Promise.all(
      sessions.map(async (session, i) => {
        session.booked = await book.put(session.booked, callOf(session.booked, done + i));
      }),
    );
    tick(SESSIONS);
    if (memoryAfterTenth === 0 && done * 10 >= receipts) memoryAfterTenth = residentMemory();
  }
  const seconds = (performance.now() - begunAt) / 1_000;
  globalThis.gc?.();
  const memory = residentMemory();
  book.close();
  const disk = statSync(join(place, "sessions.sqlite")).size / MIB;
  return { receipts, memoryBefore, memoryAfterTenth, memory, disk, perSecond: receipts / seconds };
}

const SIGNATURE = { r: id("r"), vs: id("vs") };
const DISPUTABLE = now() + 86_400;

/** A call like no other, without what signing it would take. */
function callOf({ sessionId, next }: BookedSession, number: number) {
  const payload = bytes(...Array.from({ length: 64 }, (_, i) => (number >> (i % 24)) & 255));
  const receipt: SignedReceipt = {
    sessionId,
    sequence: next,
    versionId: VERSION,
    inputRoot: toBeHex(BigInt(number) * 0x9e3779b97f4a7c15n, 32),
    outputRoot: toBeHex(BigInt(number) * 0x9e3779b97f4a7c15n + 1n, 32),
    price: PRICE,
    issuedAt: now(),
    signature: SIGNATURE,
  };
  const voucher = { sessionId, amount: next * PRICE, signature: SIGNATURE };
  return { receipt, voucher, inputs: [payload], outputs: [payload], disputableUntil: DISPUTABLE };
}

const residentMemory = (): number => process.memoryUsage().rss / MIB;
