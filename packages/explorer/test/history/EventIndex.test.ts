import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { EventIndex } from "../../src/history/EventIndex.ts";
import { address, event, hash } from "../support/events.ts";

const deposited = (block: number, account = address(1)) =>
  event("Deposited", "market", { account, amount: BigInt(block) }, { block });
const withdrawn = (block: number) =>
  event("Withdrawn", "market", { account: address(1), to: address(2), amount: 1n }, { block });

describe("EventIndex", () => {
  it("finds by name, oldest first, whatever order was given", () => {
    const [a, b, c] = [deposited(1), withdrawn(2), deposited(3)];
    const index = EventIndex.of([c, a, b]);
    assert.deepEqual(index.all, [a, b, c]);
    assert.deepEqual(index.named("Deposited"), [a, c]);
    assert.deepEqual(index.named("Withdrawn", "Deposited"), [a, b, c]);
    assert.deepEqual(index.named("JobRequested"), []);
  });

  it("finds by id in either case, each event once", () => {
    const account = `0x${"ab".repeat(20)}`;
    const both = event("Withdrawn", "market", { account, to: account, amount: 1n }, { block: 1 });
    const index = EventIndex.of([both, deposited(2)]);
    assert.deepEqual(index.about(`0x${"AB".repeat(20)}`), [both]);
    assert.equal(index.about(hash("nobody")).length, 0);
  });

  it("finds by transaction", () => {
    const [a, b] = [deposited(1), deposited(1)];
    assert.deepEqual(
      EventIndex.of([a, b, deposited(2)]).inTransaction(hash("block 1").toUpperCase().replace("X", "x")),
      [a, b],
    );
  });

  it("leaves a snapshot as it was when more events come", () => {
    const before = EventIndex.of([deposited(1)]);
    const after = before.with([deposited(2)]);
    assert.equal(before.all.length, 1);
    assert.equal(before.named("Deposited").length, 1);
    assert.equal(after.named("Deposited").length, 2);
    assert.ok(after.version > before.version);
    assert.equal(after.with([]), after);
  });

  it("can grow one snapshot in two ways", () => {
    const base = EventIndex.of([deposited(1)]);
    const [left, right] = [base.with([deposited(2)]), base.with([deposited(3)])];
    assert.deepEqual(
      left.named("Deposited").map(({ blockNumber }) => blockNumber),
      [1, 2],
    );
    assert.deepEqual(
      right.named("Deposited").map(({ blockNumber }) => blockNumber),
      [1, 3],
    );
  });

  it("drops what was reorganised away", () => {
    const index = EventIndex.of([deposited(1), deposited(2), deposited(3)]);
    assert.deepEqual(
      index.upTo(2).all.map(({ blockNumber }) => blockNumber),
      [1, 2],
    );
    assert.equal(index.upTo(3), index);
    assert.equal(index.size, 3);
  });

  it("gives the same list again", () => {
    const index = EventIndex.of([deposited(1)]);
    assert.equal(index.named("Deposited"), index.named("Deposited"));
  });
});
