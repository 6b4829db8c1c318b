import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { id } from "ethers";

import { BadLogError, readLog } from "../src/rawLog.ts";
import { ADDRESSES, logOf } from "./support.ts";

const LOG = logOf("market", "Deposited", [ADDRESSES.token, 1n]);

describe("readLog", () => {
  const { index, ...rest } = LOG;
  const forms: Readonly<Record<string, object>> = {
    ethers: LOG,
    eth_getLogs: { ...rest, blockNumber: "0x7", logIndex: "0x3", removed: false },
    viem: { ...rest, blockNumber: 7n, logIndex: index },
    "a row of a table": {
      address: LOG.address,
      data: LOG.data,
      topic0: LOG.topics[0],
      topic1: LOG.topics[1],
      topic2: null,
      topic3: null,
      block_number: "7",
      block_hash: LOG.blockHash,
      transaction_hash: LOG.transactionHash,
      log_index: 3,
    },
  };
  for (const [form, value] of Object.entries(forms)) {
    it(`reads ${form}`, () => {
      assert.deepEqual(readLog(value), LOG);
    });
  }

  const wrong: Readonly<Record<string, unknown>> = {
    log: null,
    address: { ...LOG, address: "0x12" },
    topics: { ...LOG, topics: [id("topic"), "0x12"] },
    data: { ...LOG, data: "0x123" },
    blockNumber: { ...LOG, blockNumber: null },
    blockHash: { ...LOG, blockHash: undefined },
    transactionHash: { ...LOG, transactionHash: id("x").slice(2) },
    index: { ...LOG, index: -1 },
    logIndex: { ...rest, logIndex: "third" },
  };
  for (const [field, value] of Object.entries(wrong)) {
    it(`names the field that is wrong: ${field}`, () => {
      assert.throws(
        () => readLog(value),
        (error) => error instanceof BadLogError && error.field === field,
      );
    });
  }

  it("takes a list of topics for nothing else", () => {
    assert.throws(() => readLog({ ...LOG, topics: "0x" }), BadLogError);
  });
});
