import "fake-indexeddb/auto";

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";

import { IDBFactory } from "fake-indexeddb";

import { EventStore } from "../../src/history/EventStore.ts";
import { History, sourceOf } from "../../src/history/History.ts";
import { timeOf } from "../support/events.ts";
import { ADDRESSES, FakeChain } from "../support/FakeChain.ts";
import { deposits, OFTEN, until } from "../support/history.ts";

const running: History[] = [];

async function follow(chain: FakeChain, logRange = 10, store?: EventStore): Promise<History> {
  const history = new History(await chain.client(logRange), { pollingInterval: OFTEN }, store);
  running.push(history);
  history.start();
  return history;
}

/** What was asked for before a stop may still come in. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 4 * OFTEN));
const isComplete = ({ isComplete }: { readonly isComplete: boolean }) => isComplete;
const storeOf = () => new EventStore(31_337n, ADDRESSES.market, sourceOf({ addresses: ADDRESSES, startBlock: 0 }, {}));

describe("History", () => {
  beforeEach(() => {
    globalThis.indexedDB = new IDBFactory();
  });
  afterEach(() => {
    for (const history of running.splice(0)) history.stop();
  });

  it("reads the past in ranges, in order and without a gap, with the times of blocks", async () => {
    const chain = new FakeChain().skip(3).mine(1n, 2n).skip(20).mine(3n).skip(4);
    const history = await follow(chain);
    const state = await until(history, isComplete);
    assert.deepEqual(deposits(state), [1n, 2n, 3n]);
    assert.deepEqual(
      state.index.all.map(({ timestamp }) => timestamp),
      [timeOf(3), timeOf(3), timeOf(24)],
    );
    assert.equal(state.progress, 1);
    assert.deepEqual(history.head, { blockNumber: 28, timestamp: timeOf(28) });
    assert.deepEqual(
      chain.asked.filter((request) => request.startsWith("getLogs")),
      ["getLogs 0-9", "getLogs 10-19", "getLogs 20-28"],
    );
  });

  it("asks for at most 16 times at once, and drops none", async () => {
    const chain = new FakeChain();
    for (let i = 0; i < 50; i += 1) chain.mine(BigInt(i));
    const state = await until(await follow(chain, 100), isComplete);
    assert.equal(state.index.size, 50);
    assert.ok(chain.mostAtOnce <= 16, `${chain.mostAtOnce} at once`);
  });

  it("goes on as blocks come, and tells its listeners", async () => {
    const chain = new FakeChain().mine(1n);
    const history = await follow(chain);
    const before = await until(history, isComplete);
    chain.mine(2n);
    const after = await until(history, (state) => state.index.size === 2);
    assert.notEqual(after.index, before.index);
    assert.equal(history.state(), history.state());
    await until(history, () => history.head?.blockNumber === 1);
  });

  it("takes back what was reorganised away", async () => {
    const chain = new FakeChain().mine(1n).skip(2);
    const history = await follow(chain);
    await until(history, isComplete);
    chain.mine(2n);
    await until(history, (state) => state.index.size === 2);
    chain.reorganise(1, 9n);
    await until(history, (state) => deposits(state).includes(9n));
    assert.deepEqual(deposits(history.state()), [1n, 9n]);
    history.stop();
    const { events } = await storeOf().load();
    assert.deepEqual(
      events.map(({ args }) => "amount" in args && args.amount),
      [1n, 9n],
    );
  });

  it("goes on from the cache without asking again", async () => {
    const chain = new FakeChain().skip(5).mine(1n).skip(30).mine(2n);
    const first = await follow(chain);
    await until(first, isComplete);
    first.stop();
    await settle();
    chain.mine(3n);
    chain.asked.length = 0;
    const state = await until(await follow(chain), ({ index, isComplete }) => isComplete && index.size === 3);
    assert.deepEqual(deposits(state), [1n, 2n, 3n]);
    assert.deepEqual(
      chain.asked.filter((request) => request.startsWith("getLogs")),
      ["getLogs 37-37"],
    );
  });

  it("is complete at once where nothing is new", async () => {
    const chain = new FakeChain().mine(1n);
    const first = await follow(chain);
    await until(first, isComplete);
    first.stop();
    await settle();
    chain.asked.length = 0;
    assert.deepEqual(deposits(await until(await follow(chain), isComplete)), [1n]);
    assert.deepEqual(
      chain.asked.filter((request) => request.startsWith("getLogs")),
      [],
    );
  });

  it("begins anew where the chain was restarted", async () => {
    const first = await follow(new FakeChain().mine(1n).mine(2n));
    await until(first, isComplete);
    first.stop();
    await settle();
    const state = await until(await follow(new FakeChain("another").mine(7n)), (s) => deposits(s).includes(7n));
    assert.deepEqual(deposits(state), [7n]);
    const { events } = await storeOf().load();
    assert.equal(events.length, 1);
  });

  it("says what fails, asks for less, and goes on afterwards", async () => {
    const chain = new FakeChain().skip(15).mine(1n);
    chain.onLogs = () => {
      throw new Error("query returned too many results");
    };
    const history = await follow(chain);
    const { error } = await until(history, (state) => state.error !== undefined);
    assert.match(error?.message ?? "", /too many/);
    assert.equal(history.state().isComplete, false);
    chain.onLogs = (logs) => logs;
    const state = await until(history, isComplete);
    assert.equal(state.error, undefined);
    assert.deepEqual(deposits(state), [1n]);
    const ranges = chain.asked.filter((request) => request.startsWith("getLogs"));
    assert.ok(ranges.includes("getLogs 0-4"), ranges.join());
  });

  it("notices that the RPC stops, and that it is back, though no block came", async () => {
    const chain = new FakeChain().mine(1n);
    const history = await follow(chain);
    await until(history, isComplete);
    chain.failure = new Error("connection refused");
    await until(history, ({ error }) => error !== undefined);
    chain.failure = undefined;
    await until(history, ({ error }) => error === undefined);
  });

  for (const [what, lie] of [
    ["an event of a block that was not asked for", (log: object) => ({ ...log, blockNumber: 99 })],
    ["an event of a block that is not on the chain", (log: object) => ({ ...log, blockHash: `0x${"77".repeat(32)}` })],
    ["an event whose data are none", (log: object) => ({ ...log, data: "0x12" })],
  ] as const) {
    it(`takes nothing of a batch with ${what}`, async () => {
      const chain = new FakeChain().mine(1n).mine(2n);
      chain.onLogs = (logs) => logs.map((log, i) => (i === 1 ? { ...log, ...lie(log) } : log));
      const history = await follow(chain);
      const { index } = await until(history, ({ error }) => error !== undefined);
      assert.equal(index.size, 0);
      chain.onLogs = (logs) => logs;
      assert.deepEqual(deposits(await until(history, isComplete)), [1n, 2n]);
    });
  }

  it("takes nothing of a batch that has an event twice", async () => {
    const chain = new FakeChain().mine(1n);
    chain.onLogs = (logs) => [...logs, ...logs];
    const { index } = await until(await follow(chain), ({ error }) => error !== undefined);
    assert.equal(index.size, 0);
  });

  it("puts events that come in another order into theirs", async () => {
    const chain = new FakeChain().mine(1n, 2n).mine(3n);
    chain.onLogs = (logs) => logs.toReversed();
    assert.deepEqual(deposits(await until(await follow(chain), isComplete)), [1n, 2n, 3n]);
  });

  it("ignores look-alikes of other contracts", async () => {
    const chain = new FakeChain().mine(1n, 2n);
    chain.onLogs = (logs) => logs.map((log, i) => (i === 0 ? { ...log, address: ADDRESSES.token } : log));
    assert.deepEqual(deposits(await until(await follow(chain), isComplete)), [2n]);
  });

  it("works without storage", async () => {
    Reflect.deleteProperty(globalThis, "indexedDB");
    const state = await until(await follow(new FakeChain().mine(1n)), isComplete);
    assert.deepEqual(deposits(state), [1n]);
    assert.equal(state.isCached, false);
  });

  it("works where storage fails later", async () => {
    const store = storeOf();
    store.save = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
    const chain = new FakeChain().mine(1n);
    const history = await follow(chain, 10, store);
    await until(history, isComplete);
    chain.mine(2n);
    const state = await until(history, ({ index }) => index.size === 2);
    assert.equal(state.isCached, false);
    assert.equal(state.error, undefined);
  });

  it("leaves the cache to the page that writes already", async () => {
    const chain = new FakeChain().mine(1n);
    const [first, second] = [await follow(chain), await follow(chain)];
    await Promise.all([until(first, isComplete), until(second, isComplete)]);
    chain.mine(2n);
    await Promise.all([first, second].map((history) => until(history, ({ index }) => index.size === 2)));
    assert.deepEqual([first, second].map((history) => history.state().isCached).toSorted(), [false, true]);
    assert.equal((await storeOf().load()).events.length, 2);
  });

  it("forgets when it is told to, and reads all again", async () => {
    const chain = new FakeChain().mine(1n);
    const history = await follow(chain);
    await until(history, isComplete);
    chain.asked.length = 0;
    await history.clear();
    assert.deepEqual(deposits(await until(history, isComplete)), [1n]);
    assert.ok(chain.asked.includes("getLogs 0-0"));
  });

  it("can be stopped and started, and asks nothing in between", async () => {
    const chain = new FakeChain().mine(1n);
    const history = await follow(chain);
    history.stop();
    history.start();
    await until(history, isComplete);
    history.stop();
    await settle();
    chain.asked.length = 0;
    await settle();
    assert.deepEqual(chain.asked, []);
  });

  it("shows nothing of what another RPC has told: who chooses one does not believe that one", async () => {
    const chain = new FakeChain().mine(1n).skip(3);
    const askedBy = async (rpcUrl: string) => {
      chain.asked.length = 0;
      const history = new History(await chain.client(10), { pollingInterval: OFTEN, rpcUrl });
      running.push(history);
      history.start();
      await until(history, isComplete);
      history.stop();
      await settle();
      return chain.asked.filter((request) => request.startsWith("getLogs 0-")).length;
    };
    const first = await askedBy("https://first.example/key-7");
    assert.ok(first > 0);
    assert.equal(await askedBy("https://first.example/key-7"), 0);
    assert.ok((await askedBy("https://second.example")) > 0);
    const names = (await indexedDB.databases()).map(({ name }) => name);
    assert.equal(names.length, 2);
    // Addresses of RPCs can have keys in them.
    assert.doesNotMatch(names.join(), /key-7|example/);
  });
});
