import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { receiptsOf, receiptsOfSession, receiptText } from "../../src/entities/receipts.ts";
import { EventIndex } from "../../src/history/EventIndex.ts";
import { readReceipt } from "../../src/verify/given.ts";
import { address, event, hash, timeOf } from "../support/events.ts";

describe("Receipts shown on chain", () => {
  const shown = (session: string, sequence: bigint, block: number) => {
    const receipt = {
      sessionId: hash(session),
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

  it("are listed newest first, each with a text that is read as the same receipt", () => {
    const [newest, oldest, ...others] = receiptsOf(EventIndex.of([shown("session", 1n, 3), shown("session", 2n, 4)]));
    assert.deepEqual([newest?.shownAt, oldest?.shownAt, others], [timeOf(4), timeOf(3), []]);
    assert.ok(newest !== undefined);
    const { receipt, signature } = readReceipt(receiptText(newest.receipt));
    assert.equal(receipt.sequence, 2n);
    assert.equal(signature, undefined);
    assert.deepEqual(receipt, newest.receipt);
  });

  it("are told of a session alone", () => {
    const found = receiptsOfSession(EventIndex.of([shown("session", 3n, 1), shown("other", 4n, 2)]), hash("session"));
    assert.deepEqual(
      found.map(({ receipt, disputableUntil }) => [receipt.sequence, disputableUntil]),
      [[3n, 1_780_001_000]],
    );
  });
});
