import { strict as assert } from "node:assert";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setImmediate as breathe } from "node:timers/promises";

import { packSession, payloadRoot, sessionIdOf } from "@opg-protocol/sdk";

import type { Config } from "../../dist/config/Config.js";
import { createLogger } from "../../dist/log.js";
import { CONSENT_PERIOD } from "../../dist/sessions/Consents.js";
import { MOST_PRUNED } from "../../dist/sessions/SessionBook.js";
import { SessionService, type SessionServiceModules } from "../../dist/sessions/SessionService.js";
import { FakeSender } from "../support/FakeSender.ts";
import { temporaryFolder } from "../support/folder.ts";
import { eventually } from "../support/network.ts";
import { bytes, NODE, now, servedCall, SessionBench, sessionWith, SIGNER, VERSION } from "../support/sessions.ts";

/** As many as two prunings take, and some. */
const CALLS = 2 * MOST_PRUNED + 100;
/** Seconds after which a consent that nobody has used is forgotten. */
const FORGOTTEN = 2 * CONSENT_PERIOD + 1;

describe("SessionService", () => {
  const folder = temporaryFolder();
  const log = createLogger("silent", false);
  const head = () => ({ number: 1, hash: "0x", timestamp: now() });
  const settings = { redeemAbove: 1n, redeemHours: 24, endMinutes: 30, waiting: 1 };
  const given = (bench = new SessionBench(mkdtempSync(join(folder, "book-")))) => {
    const { book, chain } = bench;
    const offers = { versions: () => [], offer: () => undefined };
    const journal = { quarantined: () => new Map(), locked: () => [] };
    const modules = { client: chain.client, signer: SIGNER, book, offers, journal, sender: new FakeSender(), log };
    const config = { sessions: settings, versions: [], offer: { lockDays: 1, claimAbove: 1n } };
    const service = new SessionService(modules as unknown as SessionServiceModules, NODE, config as unknown as Config);
    return { bench, book, chain, service };
  };

  it("forgets at one head all that can be forgotten, however much was served", async () => {
    const { bench, book, service } = given();
    const sessionId = await bench.open(1);
    let booked = book.find(sessionId) ?? assert.fail();
    const { receipt, voucher } = await servedCall(bench.chain.client, booked);
    const roots: string[] = [];
    for (let i = 0; i < CALLS; i += 1) {
      const tensors = [bytes(i & 255, i >> 8)];
      const root = payloadRoot(tensors);
      roots.push(root);
      const statement = { ...receipt, sequence: booked.next, inputRoot: root, outputRoot: root };
      const call = { receipt: statement, voucher, inputs: tensors, outputs: tensors, disputableUntil: now() - 1 };
      booked = await book.put(booked, call);
    }
    service.tend(head());
    const kept = async () => (await Promise.all(roots.map((root) => book.get(root)))).some((one) => one !== undefined);
    await eventually("all is forgotten", async () => !(await kept()));
    await service.close();
  });

  it("knows a session as soon as it hears that it was opened, and forgets one that nobody opens", async () => {
    const { bench, book, chain, service } = given();
    const opened = await bench.open(1);
    const other = packSession(sessionWith(2));
    const asked = sessionIdOf(chain.client, other);
    await book.consent(asked, other, now() - FORGOTTEN);
    service.note({ touched: new Set([opened, NODE]) });
    service.tend(head());
    await eventually("it has looked", () => Promise.resolve(service.figures(head()).open === 1));
    await service.close();
    assert.deepEqual([book.find(opened)?.isOpened, book.find(asked)], [true, undefined]);
  });

  it("forgets no session that was opened while nobody listened, though a call asks about it first", async () => {
    const { bench, book, service: earlier } = given();
    const opened = await bench.open(1);
    await book.consent(opened, packSession(sessionWith(1)), now() - FORGOTTEN);
    await earlier.close();
    const { chain, ...restarted } = given(bench.restarted());
    let answer: () => void = () => undefined;
    chain.before = () => new Promise<void>((resolve) => (answer = resolve));
    const headers = await bench.paid(opened, 1n);
    const call = restarted.service.admission().identify({ versionId: VERSION, headers, address: "127.0.0.1" });
    restarted.service.tend(head());
    await breathe();
    answer();
    await call;
    await restarted.service.close();
    assert.equal(restarted.book.find(opened)?.isOpened, true);
  });

  it("does not wait for what it does at a head, and does it once", async () => {
    const { bench, chain, service } = given();
    service.note({ touched: new Set([await bench.open(1)]) });
    let answer: () => void = () => undefined;
    chain.before = () => new Promise<void>((resolve) => (answer = resolve));
    service.tend(head());
    service.tend(head());
    await eventually("the chain is asked", () => Promise.resolve(chain.reads === 1));
    assert.equal(service.figures(head()).open, 0);
    answer();
    await service.close();
    assert.deepEqual([chain.reads, service.figures(head()).open], [1, 1]);
  });

  it("begins nothing more once it is closed", async () => {
    const { bench, chain, service } = given();
    service.note({ touched: new Set([await bench.open(1)]) });
    await service.close();
    service.tend(head());
    await breathe();
    assert.equal(chain.reads, 0);
  });
});
