import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";

import { id } from "ethers";

import { packSession } from "../../src/codecs/session.ts";
import { SignerMissingError } from "../../src/errors/index.ts";
import { disputeReceipt, type DisputeReceiptParameters, ReceiptAheadError } from "../../src/session/index.ts";
import { clientOf } from "../support.ts";
import { FIELDS, PRICE, VERSION } from "./support.ts";

const NOW = 1_800_000_000;
const RECEIPT = {
  sessionId: id("session"),
  sequence: 1n,
  versionId: VERSION,
  inputRoot: id("input"),
  outputRoot: id("y"),
};

describe("disputeReceipt, where the chain's clock is behind", () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ["Date", "setTimeout"], now: NOW * 1_000 });
  });
  afterEach(() => {
    mock.timers.reset();
  });

  /** How it ends for a client that cannot send, and after how many seconds. */
  async function endOf(issuedAt: number, chainTimeAfter: (seconds: number) => number) {
    let seconds = 0;
    const client = clientOf({
      getBlock: () => Promise.resolve({ timestamp: chainTimeAfter(seconds) } as never),
    });
    const receipt = { ...RECEIPT, price: PRICE, issuedAt };
    const proof = { signature: { r: id("r"), vs: id("vs") } };
    const given = { session: packSession(FIELDS), receipt, proof } as DisputeReceiptParameters;
    let error: unknown;
    const disputed = disputeReceipt(client, given).catch((thrown: unknown) => {
      error = thrown;
    });
    await nextTurn();
    while (error === undefined && seconds < 1_000) {
      seconds += 1;
      mock.timers.tick(1_000);
      await nextTurn();
    }
    assert.ok(error, "it waits for ever");
    await disputed;
    return [error, seconds];
  }

  it("shows the receipt as soon as it is of the present", async () => {
    const [error, seconds] = await endOf(NOW + 20, (passed) => NOW - 5 + passed);
    assert.ok(error instanceof SignerMissingError); // so far it has come
    assert.equal(seconds, 25);
  });

  it("waits for the next block of a chain that has made none for hours", async () => {
    const [error, seconds] = await endOf(NOW + 2, (passed) => (passed < 9 ? NOW - 7_200 : NOW + passed));
    assert.ok(error instanceof SignerMissingError);
    assert.equal(seconds, 9);
  });

  it("does not wait for a time that no clock is near", async () => {
    assert.deepEqual(await endOf(NOW + 61, () => NOW - 5), [new ReceiptAheadError(NOW + 61, NOW - 5), 0]);
  });

  it("does not wait longer than a minute for a chain that stands still", async () => {
    assert.deepEqual(await endOf(NOW + 30, () => NOW - 5), [new ReceiptAheadError(NOW + 30, NOW - 5), 60]);
  });
});
