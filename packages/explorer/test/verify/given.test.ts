import assert from "node:assert/strict";
import { describe, it } from "node:test";

import type { SignedReceipt } from "@opg-protocol/sdk";
import { writeReceipt } from "@opg-protocol/sdk/session";
import { hexlify, id } from "ethers";

import { BadGivenError, callText, readBatchLeaf, readReceipt } from "../../src/verify/given.ts";

const RECEIPT: SignedReceipt = {
  sessionId: id("session"),
  sequence: 7n,
  versionId: id("version"),
  inputRoot: id("input"),
  outputRoot: id("output"),
  price: 250_000_000_000_000_000n,
  issuedAt: 1_780_000_000,
  signature: { r: id("r"), vs: id("vs") },
};
const { signature, ...UNSIGNED } = RECEIPT;
const TENSOR = { dtype: 2, shape: [1, 3], data: Uint8Array.of(1, 2, 255) };
const bare = JSON.parse(writeReceipt(RECEIPT)) as Readonly<Record<string, unknown>>;

const faultOf = (value: unknown): string => {
  try {
    readReceipt(typeof value === "string" ? value : JSON.stringify(value));
  } catch (error) {
    assert.ok(error instanceof BadGivenError, String(error));
    return error.message;
  }
  return "";
};

describe("readReceipt", () => {
  it("reads the header of an answer", () => {
    const given = readReceipt(writeReceipt(RECEIPT));
    assert.deepEqual(given, { receipt: UNSIGNED, signature, place: undefined, inputs: undefined, outputs: undefined });
  });

  it("reads what callText writes", () => {
    const given = readReceipt(callText({ receipt: RECEIPT, inputs: [TENSOR], outputs: [TENSOR, TENSOR] }));
    assert.deepEqual(given.receipt, UNSIGNED);
    assert.deepEqual([given.inputs, given.outputs], [[TENSOR], [TENSOR, TENSOR]]);
  });

  it("reads a receipt that was shown on chain, without its signature", () => {
    assert.equal(readReceipt(JSON.stringify({ ...bare, signature: undefined })).signature, undefined);
  });

  it("reads bytes however JSON has them", () => {
    for (const data of [hexlify(TENSOR.data), [1, 2, 255], { 0: 1, 1: 2, 2: 255 }, "AQL/"])
      assert.deepEqual(readReceipt(JSON.stringify({ receipt: bare, inputs: [{ ...TENSOR, data }] })).inputs, [TENSOR]);
  });

  it("reads numbers without quotes as long as they are exact", () => {
    assert.equal(readReceipt(JSON.stringify({ ...bare, sequence: 7 })).receipt.sequence, 7n);
    assert.match(faultOf({ ...bare, price: 2 ** 60 }), /^price must be a decimal number/);
  });

  it("reads a place in a batch", () => {
    const batch = { poster: `0x${"ab".repeat(20)}`, root: id("root"), count: "2" };
    const { place } = readReceipt(JSON.stringify({ receipt: bare, batch, index: 1, path: [id("beside")] }));
    assert.deepEqual([place?.batch.count, place?.index, place?.path], [2n, 1n, [id("beside")]]);
  });

  it("names the part that is wrong", () => {
    assert.equal(faultOf("no JSON"), "What you gave must be JSON.");
    assert.equal(faultOf("[]"), "What you gave must be a JSON object.");
    assert.equal(faultOf({ receipt: 3 }), "receipt must be a JSON object.");
    assert.match(faultOf({ ...bare, inputRoot: "0x12" }), /^inputRoot must be 32 bytes/);
    assert.match(faultOf({ ...bare, signature: {} }), /^signature\.r must be 32 bytes/);
    assert.match(faultOf({ ...bare, issuedAt: "soon" }), /^issuedAt must be unix seconds/);
    const tensor = (different: object) =>
      faultOf({ receipt: bare, inputs: [{ ...TENSOR, data: "AQL/", ...different }] });
    assert.match(tensor({ dtype: "uint8" }), /^inputs\[0\]\.dtype must be/);
    assert.match(tensor({ shape: [0] }), /^inputs\[0\]\.shape must be/);
    assert.match(tensor({ data: "AQ==" }), /^inputs\[0\]\.data must be 3 bytes/);
    assert.match(tensor({ data: [256, 0, 0] }), /^inputs\[0\]\.data must be bytes/);
    assert.match(tensor({ data: "!!" }), /^inputs\[0\]\.data must be/);
    assert.match(faultOf({ receipt: bare, batch: { poster: "me" }, path: [] }), /^batch\.poster must be an address/);
    assert.match(faultOf({ receipt: bare, batch: {}, index: 0 }), /^path must be a list/);
  });
});

describe("readBatchLeaf", () => {
  const form = { batchId: id("batch"), index: "3", statement: id("leaf"), path: `["${id("a")}",\n "${id("b")}"]` };

  it("takes a path as a list, as JSON, or line by line", () => {
    assert.deepEqual(readBatchLeaf(form).path, [id("a"), id("b")]);
    assert.deepEqual(readBatchLeaf({ ...form, path: `${id("a")}\n${id("b")}\n` }).path, [id("a"), id("b")]);
    assert.deepEqual(readBatchLeaf({ ...form, path: "" }).path, []);
  });

  it("names the field that is wrong", () => {
    assert.throws(() => readBatchLeaf({ ...form, batchId: "7" }), /^BadGivenError: The id of the batch must be/);
    assert.throws(() => readBatchLeaf({ ...form, index: "-1" }), /^BadGivenError: The index must be/);
    assert.throws(() => readBatchLeaf({ ...form, path: "0x12" }), /^BadGivenError: Hash 1 of the path must be/);
  });
});
