import "fake-indexeddb/auto";

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, it } from "node:test";

import { IDBFactory } from "fake-indexeddb";

import { operationsOf } from "../../src/entities/operations.ts";
import { settingOf } from "../../src/entities/parameters.ts";
import { entriesOf, pausesOf } from "../../src/entities/pauses.ts";
import { proposalsOf } from "../../src/entities/proposals.ts";
import { accessRolesOf, timelockRolesOf } from "../../src/entities/roles.ts";
import type { EventIndex } from "../../src/history/EventIndex.ts";
import { History } from "../../src/history/History.ts";
import type { HistoryState } from "../../src/history/HistoryState.ts";
import { FakeChain, type FakeLog, type Recording } from "../support/FakeChain.ts";
import { deposits, OFTEN, until } from "../support/history.ts";

/** What a real chain has logged: the deployment with the parameters of `local.json5`, three proposals and a pause. */
const RECORDING = JSON.parse(readFileSync(new URL("fixtures/governance.json", import.meta.url), "utf8")) as Recording;

/** Everything that the governance and network pages show of events. */
const entitiesIn = (index: EventIndex) => ({
  proposals: proposalsOf(index),
  operations: operationsOf(index),
  pauses: pausesOf(index),
  entries: entriesOf(index),
  accessRoles: accessRolesOf(index),
  timelockRoles: timelockRolesOf(index),
  settings: index.all.map(settingOf),
});

type Row = Record<string, unknown>;

/** A row as an indexer's table has it. */
const rowOf = (chain: FakeChain, { index, ...log }: FakeLog): Row => {
  return { ...log, logIndex: index, timestamp: chain.block(log.blockNumber)?.timestamp };
};

/** An indexer of a chain up to a block. */
class FakeIndexer {
  readonly asked: string[] = [];
  /** Changes what it says. */
  onAnswer: (answer: { logs: Row[]; head: Row }) => unknown = (answer) => answer;
  readonly #server: Server;

  constructor(chain: FakeChain, upTo: number) {
    this.#server = createServer((request, response) => {
      this.asked.push(request.url ?? "");
      const query = new URL(request.url ?? "", "http://x").searchParams;
      const [from, limit] = [Number(query.get("from")), Number(query.get("limit"))];
      const logs = chain.logs.filter(({ blockNumber }) => blockNumber >= from && blockNumber <= upTo);
      const { number, hash, timestamp } = chain.block(upTo) ?? { number: 0, hash: "", timestamp: 0 };
      const answer = { logs: logs.slice(0, limit).map((log) => rowOf(chain, log)), head: { number, hash, timestamp } };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(this.onAnswer(answer)));
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address: AddressInfo | string | null = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** Logs in blocks, more of them than a page has in all. */
function longChain(): FakeChain {
  const chain = new FakeChain();
  let amount = 0n;
  for (let block = 0; block < 160; block += 1) chain.mine(...Array.from({ length: 7 }, () => (amount += 1n)));
  return chain.skip(50);
}

const running: { stop(): void }[] = [];

async function read(chain: FakeChain, indexer?: string, logRange = 20): Promise<HistoryState> {
  globalThis.indexedDB = new IDBFactory();
  const history = new History(await chain.client(logRange), { pollingInterval: OFTEN, indexer });
  running.push(history);
  history.start();
  return until(history, ({ isComplete }) => isComplete);
}

async function serve(chain: FakeChain, upTo: number): Promise<{ indexer: FakeIndexer; url: string }> {
  const indexer = new FakeIndexer(chain, upTo);
  const url = await indexer.listen();
  running.push({
    stop: () => {
      indexer.close();
    },
  });
  return { indexer, url };
}

describe("readIndexer", () => {
  afterEach(() => {
    for (const one of running.splice(0)) one.stop();
  });

  it("gives the same events as the RPC, which is asked only for what is new", async () => {
    const chain = longChain();
    const direct = await read(chain);
    chain.asked.length = 0;
    const { indexer, url } = await serve(chain, 159);
    const state = await read(chain, url);
    assert.deepEqual(state.index.all, direct.index.all);
    assert.equal(state.indexedTo, 159);
    assert.equal(indexer.asked.length, 2);
    assert.equal(indexer.asked[0], "/logs?chainId=31337&from=0&limit=1000");
    assert.deepEqual(
      chain.asked.filter((request) => request.startsWith("getLogs")),
      ["getLogs 160-179", "getLogs 180-199", "getLogs 200-209"],
    );
  });

  it("gives the same entities of what a real chain has logged", async () => {
    const real = FakeChain.replay(RECORDING);
    const direct = await read(real);
    const { url } = await serve(real, RECORDING.head.number);
    const indexed = await read(real, url, 10);
    assert.equal(indexed.indexedTo, RECORDING.head.number);
    assert.equal(direct.indexedTo, undefined);
    assert.equal(direct.index.size, RECORDING.logs.length);
    assert.deepEqual(entitiesIn(indexed.index), entitiesIn(direct.index));
    assert.deepEqual(
      proposalsOf(direct.index).map(({ votes }) => votes.length),
      [1, 1, 2],
    );
  });

  it("goes on with the RPC alone where it fails, lies, or is of another chain", async () => {
    const answers: ((answer: { logs: Row[]; head: Row }) => unknown)[] = [
      () => ({ error: "no" }),
      ({ logs, head }) => ({ logs: logs.map((log) => ({ ...log, topics: ["0x12"] })), head }),
      ({ logs, head }) => ({ logs: logs.map((log) => ({ ...log, blockNumber: 400 })), head }),
      ({ logs, head }) => ({ logs, head: { ...head, hash: `0x${"77".repeat(32)}` } }),
      ({ logs, head }) => ({ logs: [...logs, ...logs], head }),
    ];
    const chain = new FakeChain().mine(1n, 2n).skip(90).mine(3n).skip(9);
    for (const onAnswer of answers) {
      const { indexer, url } = await serve(chain, 95);
      indexer.onAnswer = onAnswer;
      const state = await read(chain, url);
      assert.deepEqual(deposits(state), [1n, 2n, 3n]);
      assert.equal(state.indexedTo, undefined);
      assert.equal(state.error, undefined);
    }
  });

  it("is not asked for a few blocks", async () => {
    const short = new FakeChain().mine(1n).skip(10);
    const { indexer, url } = await serve(short, 5);
    assert.deepEqual(deposits(await read(short, url)), [1n]);
    assert.deepEqual(indexer.asked, []);
  });
});
