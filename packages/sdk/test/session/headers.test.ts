/** Whatever text comes: what it says, or the one error that the reader throws. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { id } from "ethers";

import {
  callHeaders,
  readCallHeaders,
  readReceiptQuestion,
  readReceiptText,
  readSessionText,
  RECEIPT_HEADER,
  SessionFormatError,
  writeReceipt,
} from "../../src/session/index.ts";
import { packSession } from "../../src/codecs/session.ts";
import { Random } from "../onnx/support/Random.ts";
import { FIELDS } from "./support.ts";

const RUNS = 40_000;
const SIGNATURE = { r: id("r"), vs: id("vs") };
const PAID = { sequence: 7n, voucher: { sessionId: id("session"), amount: 12n, signature: SIGNATURE } };
const RECEIPT = {
  sessionId: id("session"),
  sequence: 2n ** 64n - 1n,
  versionId: id("version"),
  inputRoot: id("input"),
  outputRoot: id("output"),
  price: 2n ** 96n - 1n,
  issuedAt: 1_800_000_000,
  signature: SIGNATURE,
};
const TOKENS = [
  "{",
  "}",
  '"',
  ";",
  ";;",
  "-1",
  "1e9",
  "0x",
  "00",
  "null",
  "[]",
  '"__proto__":{}',
  ",",
  " ",
  "\u0000",
  "é",
  "9".repeat(40),
];

/** A text of which a little is another, is gone, is there twice, or is what the format is made of. */
function damaged(random: Random, text: string): string {
  let damage = text;
  for (let left = random.int(1, 3); left > 0; left -= 1) {
    const at = random.int(0, damage.length);
    const end = Math.min(damage.length, at + random.int(0, 12));
    const middle = random.pick([
      "",
      random.pick(TOKENS),
      damage.slice(at, end).repeat(2),
      String.fromCharCode(random.int(32, 126)),
    ]);
    damage = damage.slice(0, at) + middle + damage.slice(random.chance(0.5) ? at : end);
  }
  return damage;
}

/** Reads a text, which may be refused in one way only; undefined if it was. */
function readOrRefuse<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    assert.ok(error instanceof SessionFormatError, String(error));
    assert.ok(error.message.length < 200, "what is refused does not come back");
    return undefined;
  }
}

const gets = (headers: Readonly<Record<string, string>>) => ({ get: (name: string) => headers[name] ?? null });

describe("Headers of sessions", () => {
  it("read what was written", () => {
    assert.deepEqual(readCallHeaders(gets(callHeaders(PAID))), PAID);
    assert.deepEqual(readReceiptQuestion(gets(callHeaders(PAID))), PAID);
    assert.deepEqual(readReceiptText(writeReceipt(RECEIPT)), RECEIPT);
    const packed = packSession(FIELDS);
    assert.deepEqual(readSessionText(JSON.stringify(packed)), packed);
  });

  it("are not there where nobody pays", () => {
    assert.equal(readCallHeaders(gets({})), undefined);
    assert.throws(() => readReceiptQuestion(gets({})), { name: "SessionFormatError", place: "opg-session" });
  });

  const wrong: readonly (readonly [place: string, header: string, value: string])[] = [
    ["opg-session", "opg-session", "0x12"],
    ["opg-sequence", "opg-sequence", "-1"],
    ["opg-sequence", "opg-sequence", "07"],
    ["opg-sequence", "opg-sequence", `${2n ** 64n}`],
    ["opg-voucher", "opg-voucher", `${2n ** 128n};${SIGNATURE.r};${SIGNATURE.vs}`],
    ["opg-voucher", "opg-voucher", `12;${SIGNATURE.r}`],
    ["opg-voucher", "opg-voucher", `12;${SIGNATURE.r};${SIGNATURE.vs};`],
  ];
  for (const [place, header, value] of wrong) {
    it(`are refused with ${header}: ${value.slice(0, 24)}`, () => {
      const headers = gets({ ...callHeaders(PAID), [header]: value });
      assert.throws(() => readCallHeaders(headers), { name: "SessionFormatError", place });
    });
  }

  it(`are read or refused, whatever comes: ${3 * RUNS} hostile texts [parsers]`, () => {
    const random = new Random(1);
    const packed = JSON.stringify(packSession(FIELDS));
    const receipt = writeReceipt(RECEIPT);
    let accepted = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const headers: Record<string, string> = { ...callHeaders(PAID) };
      const name = random.pick(Object.keys(headers));
      headers[name] = damaged(random, headers[name] ?? "");
      const paid = readOrRefuse(() => readCallHeaders(gets(headers)));
      // What was read says the same when it is written and read again: nothing is read in two ways.
      if (paid !== undefined) assert.deepEqual(readCallHeaders(gets(callHeaders(paid))), paid);
      const read = readOrRefuse(() => readReceiptText(damaged(random, receipt)));
      if (read !== undefined) assert.deepEqual(readReceiptText(writeReceipt(read)), read);
      const session = readOrRefuse(() => readSessionText(damaged(random, packed)));
      if (session !== undefined) assert.deepEqual(readSessionText(JSON.stringify(session)), session);
      for (const one of [paid, read, session]) if (one !== undefined) accepted += 1;
    }
    assert.ok(accepted > RUNS / 100, `the damage lets ${accepted} through: it tests nothing`);
  });

  it("name the header of a receipt", () => {
    assert.equal(RECEIPT_HEADER, "opg-receipt");
  });
});
