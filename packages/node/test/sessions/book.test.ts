import { strict as assert } from "node:assert";
import { mkdtempSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";

import { encodePayload, packSession, sessionIdOf } from "@opg-protocol/sdk";
import { id } from "ethers";

import { type BookedSession, SessionBook } from "../../dist/sessions/SessionBook.js";
import { temporaryFolder } from "../support/folder.ts";
import { now, PRICE, SessionChain, servedCall, sessionWith } from "../support/sessions.ts";

describe("SessionBook", () => {
  const folder = temporaryFolder();
  const { client } = new SessionChain();

  async function open(number = 1): Promise<{ path: string; book: SessionBook; booked: BookedSession }> {
    const path = join(mkdtempSync(join(folder, "book-")), "sessions.sqlite");
    const book = SessionBook.open(path);
    return { path, book, booked: await consented(book, number) };
  }

  async function consented(book: SessionBook, number: number, time = now()): Promise<BookedSession> {
    const packed = packSession(sessionWith(number));
    await book.consent(sessionIdOf(client, packed), packed, time);
    const booked = book.find(sessionIdOf(client, packed));
    assert.ok(booked);
    return booked;
  }

  it("has after a restart all that it had, to the last bit", async () => {
    const { path, book, booked } = await open();
    book.opened(booked.sessionId);
    const calls = [];
    let state: BookedSession = { ...booked, isOpened: true };
    for (let i = 0; i < 3; i += 1) {
      const call = await servedCall(client, state);
      calls.push(call);
      state = await book.put(state, call);
    }
    book.close();
    const again = SessionBook.open(path);
    assert.deepEqual(again.live(), [state]);
    assert.deepEqual(again.find(booked.sessionId), state);
    assert.deepEqual(
      calls.map((_, i) => again.receipt(booked.sessionId, BigInt(i + 1))),
      calls.map(({ receipt }) => receipt),
    );
    for (const { receipt, inputs } of calls) {
      assert.deepEqual(await again.get(receipt.inputRoot), encodePayload(inputs));
      assert.deepEqual((await again.call(booked.sessionId, receipt.sequence))?.outputs, inputs);
    }
    again.close();
  });

  it("goes on with a book that was begun when every call cost the same", async () => {
    const { path, book, booked } = await open();
    let state = booked;
    for (let i = 0; i < 3; i += 1) state = await book.put(state, await servedCall(client, state));
    const unused = await consented(book, 2);
    const owed = (of: SessionBook) => [0n, PRICE, 3n * PRICE].map((paid) => of.owedSince(state, paid) !== undefined);
    const expected = [book.live(), owed(book)];
    book.close();
    const db = new DatabaseSync(path);
    db.exec("DROP INDEX receipts_by_earned");
    for (const table of ["sessions", "receipts"]) db.exec(`ALTER TABLE ${table} DROP COLUMN earned`);
    db.close();

    for (let openings = 0; openings < 2; openings += 1) {
      const again = SessionBook.open(path);
      assert.deepEqual([again.live(), owed(again)], expected);
      again.close();
    }
    const again = SessionBook.open(path);
    state = await again.put(state, await servedCall(client, state));
    assert.equal(again.find(state.sessionId)?.earned, 4n * PRICE);
    assert.equal(again.find(unused.sessionId)?.earned, 0n);
    again.close();
  });

  it("is held by one process at a time [T130]", async () => {
    const { path, book } = await open();
    assert.throws(() => SessionBook.open(path), /database is locked/);
    book.close();
  });

  it("never has two receipts of one call, and forgets nothing that was written before [T107]", async () => {
    const { book, booked } = await open();
    const call = await servedCall(client, booked);
    await book.put(booked, call);
    const other = { ...call, receipt: { ...call.receipt, outputRoot: id("another output") } };
    await assert.rejects(book.put(booked, other), /UNIQUE constraint failed/);
    assert.deepEqual(book.receipt(booked.sessionId, 1n), call.receipt);
    assert.equal(book.find(booked.sessionId)?.next, 2n);
  });

  it("makes writes that come at once durable together, and none of them before", async () => {
    const { path, book } = await open();
    const sessions = await Promise.all(Array.from({ length: 16 }, (_, i) => consented(book, i + 10)));
    const calls = await Promise.all(sessions.map((session) => servedCall(client, session)));
    const size = () => statSync(`${path}-wal`).size;
    const before = size();
    const puts = sessions.map((session, i) => book.put(session, calls[i] ?? assert.fail()));
    assert.equal(size(), before); // nothing is written one by one
    await Promise.all(puts);
    assert.ok(size() > before);
    for (const { sessionId } of sessions) assert.equal(book.find(sessionId)?.next, 2n);
    book.close();
  });

  it("keeps the best voucher", async () => {
    const { book, booked } = await open();
    const generous = { ...(await servedCall(client, booked)) };
    const state = await book.put(booked, { ...generous, voucher: { ...generous.voucher, amount: 9n * PRICE } });
    const next = await book.put(state, await servedCall(client, state));
    assert.equal(next.voucher?.amount, 9n * PRICE);
  });

  it("knows since when money is owed, by what calls have cost and not by how many there were", async () => {
    const { book, booked } = await open();
    let state = booked;
    const prices = [PRICE, 0n, 1n, 300n, 2n ** 70n];
    for (const [i, price] of prices.entries()) {
      const call = await servedCall(client, state);
      state = await book.put(state, { ...call, receipt: { ...call.receipt, price, issuedAt: 1_000 + i } });
    }
    const total = prices.reduce((sum, price) => sum + price, 0n);
    assert.equal(state.earned, total);
    assert.equal(book.find(booked.sessionId)?.earned, total);
    const paid = [0n, PRICE - 1n, PRICE, PRICE + 1n, PRICE + 300n, PRICE + 301n, total - 1n, total];
    assert.deepEqual(
      paid.map((amount) => book.owedSince(booked, amount)),
      [1_000, 1_000, 1_002, 1_003, 1_003, 1_004, 1_004, undefined],
    );
  });

  it("forgets who has only asked, by age alone, and nobody who has opened or asked again", async () => {
    const { book, booked } = await open();
    book.opened(booked.sessionId);
    const time = now();
    for (let number = 2; number <= 6; number += 1) await consented(book, number, time + number);
    const known = () =>
      [2, 3, 4, 5, 6].filter((number) => book.find(sessionIdOf(client, packSession(sessionWith(number)))));
    assert.equal(book.unopened, 5);
    await consented(book, 2, time + 100);
    book.forgetUnopened(time + 5);
    assert.deepEqual([known(), book.unopened], [[2, 5, 6], 3]);
    book.forgetUnopened(time + 101);
    assert.deepEqual(known(), []);
    assert.deepEqual(
      book.live().map(({ sessionId }) => sessionId),
      [booked.sessionId],
    );
  });

  it("forgets inputs and outputs when nobody can dispute them, and what two calls share when both are past", async () => {
    const { book, booked } = await open();
    const call = await servedCall(client, booked, now() + 100);
    const state = await book.put(booked, call);
    const later = await servedCall(client, state, now() + 500);
    const shared = { ...later.receipt, inputRoot: call.receipt.inputRoot };
    await book.put(state, { ...later, inputs: call.inputs, receipt: shared });
    book.prune(now() + 101);
    assert.deepEqual(await book.tensors(call.receipt.inputRoot), call.inputs);
    book.prune(now() + 501);
    assert.equal(await book.tensors(call.receipt.inputRoot), undefined);
    assert.deepEqual(await book.call(booked.sessionId, 1n), { receipt: call.receipt, outputs: undefined });
  });

  it("forgets the receipts of a session that is over, and then the session", async () => {
    const { book, booked } = await open();
    book.opened(booked.sessionId);
    await book.put(booked, await servedCall(client, booked));
    book.over(booked.sessionId);
    assert.deepEqual(book.live(), []);
    assert.equal(book.find(booked.sessionId), undefined);
    assert.equal(book.prune(now()), true);
    assert.equal(book.receipt(booked.sessionId, 1n), undefined);
    assert.equal(book.prune(now()), false); // that was all
  });

  it("knows no payload that nobody has given it", async () => {
    const { book } = await open();
    assert.equal(await book.get(id("nothing")), undefined);
    assert.equal(await book.tensors(id("nothing")), undefined);
  });
});
