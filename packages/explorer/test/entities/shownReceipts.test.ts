import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { receiptHash } from "@opg-protocol/sdk";

import { shownReceipts } from "../../src/entities/shownReceipts.ts";
import { EventIndex } from "../../src/history/EventIndex.ts";
import { readReceipt } from "../../src/verify/given.ts";
import { address, event, hash, timeOf } from "../support/events.ts";

describe("shownReceipts", () => {
  const shown = (sequence: bigint, block: number) => {
    const receipt = {
      sessionId: hash("session"),
      sequence,
      versionId: hash("version"),
      inputRoot: hash("input"),
      outputRoot: hash("output"),
      price: 10n ** 18n,
      issuedAt: 1_780_000_000n,
    };
    const statementId = hash(`statement ${sequence}`);
    const { sessionId } = receipt;
    const args = { sessionId, statementId, node: address(1), receipt, disputableUntil: 1_780_001_000n };
    return event("ReceiptShown", "receipts", args, { block });
  };

  it("lists them newest first, each as text that is read as the same receipt", () => {
    const [newest, oldest, ...others] = shownReceipts(EventIndex.of([shown(1n, 3), shown(2n, 4)]));
    assert.deepEqual([newest?.shownAt, oldest?.shownAt, others], [timeOf(4), timeOf(3), []]);
    const { receipt, signature } = readReceipt(newest?.text ?? "");
    assert.equal(receipt.sequence, 2n);
    assert.equal(signature, undefined);
    assert.equal(newest?.hash, receiptHash(receipt));
  });
});
