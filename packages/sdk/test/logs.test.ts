import assert from "node:assert/strict";
import { describe, it } from "node:test";

import type { Log } from "ethers";

import { findFirstLog, findLastLog, findLogs, logQuery } from "../src/logs.ts";
import { ADDRESSES, clientOf, logOf } from "./support.ts";

interface Range {
  readonly fromBlock: number;
  readonly toBlock: number;
}

/** A chain of 25 blocks with a log in each of `blocks`; notes what it was asked for. */
function chainWith(blocks: readonly number[]) {
  const asked: Range[] = [];
  const client = clientOf({
    getBlockNumber: () => Promise.resolve(25),
    getLogs: (filter) => {
      const range = filter as Range;
      asked.push(range);
      const inside = blocks.filter((block) => block >= range.fromBlock && block <= range.toBlock);
      return Promise.resolve(inside.map((block) => logOf("market", "Deposited", [ADDRESSES.token, 1n], block) as Log));
    },
  });
  const ranges = () => asked.map(({ fromBlock, toBlock }) => [fromBlock, toBlock]);
  return { client, asked, ranges };
}

const QUERY = logQuery("market", ["Deposited"], null, ["0x01", "0x02"]);

describe("findLogs", () => {
  it("covers all blocks once, in ranges that are bounded, oldest first", async () => {
    const { client, ranges } = chainWith([3, 12, 25]);
    const logs = await findLogs(client, QUERY, 3);
    assert.deepEqual(
      logs.map(({ blockNumber }) => blockNumber),
      [3, 12, 25],
    );
    assert.deepEqual(ranges(), [
      [3, 12],
      [13, 22],
      [23, 25],
    ]);
  });

  it("asks for one contract and for the topics as they were given", async () => {
    const { client, asked } = chainWith([]);
    await findLogs(client, QUERY, 25);
    const [topic] = logOf("market", "Deposited", [ADDRESSES.token, 1n]).topics;
    assert.deepEqual(asked, [
      { address: ADDRESSES.market, topics: [[topic], null, ["0x01", "0x02"]], fromBlock: 25, toBlock: 25 },
    ]);
  });

  it("asks for nothing beyond the head", async () => {
    const { client, ranges } = chainWith([]);
    assert.deepEqual(await findLogs(client, QUERY, 26), []);
    assert.deepEqual(ranges(), []);
  });
});

describe("findFirstLog", () => {
  it("searches forwards and stops at the oldest", async () => {
    const { client, ranges } = chainWith([2, 14, 15, 25]);
    assert.equal((await findFirstLog(client, QUERY, 3))?.blockNumber, 14);
    assert.deepEqual(ranges(), [
      [3, 12],
      [13, 22],
    ]);
  });

  it("stops at the head", async () => {
    const { client, ranges } = chainWith([2]);
    assert.equal(await findFirstLog(client, QUERY, 20), undefined);
    assert.deepEqual(ranges(), [[20, 25]]);
  });
});

describe("findLastLog", () => {
  it("searches backwards and stops at the newest", async () => {
    const { client, ranges } = chainWith([3, 12, 13]);
    assert.equal((await findLastLog(client, QUERY, 0))?.blockNumber, 13);
    assert.deepEqual(ranges(), [
      [16, 25],
      [6, 15],
    ]);
  });

  it("stops at the first block", async () => {
    const { client, ranges } = chainWith([3]);
    assert.equal(await findLastLog(client, QUERY, 11), undefined);
    assert.deepEqual(ranges(), [
      [16, 25],
      [11, 15],
    ]);
  });
});
