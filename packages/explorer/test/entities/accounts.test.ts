import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { balanceMovesOf } from "../../src/entities/accounts.ts";
import { EventIndex } from "../../src/history/EventIndex.ts";
import { address, event } from "../support/events.ts";

const OPG = 10n ** 18n;
const [mine, other] = [address(1), address(2)];

describe("balanceMovesOf", () => {
  const index = EventIndex.of([
    event("Deposited", "market", { account: mine, amount: 5n * OPG }, { block: 1 }),
    event("Deposited", "sessions", { account: other, amount: OPG }, { block: 2 }),
    event("BalanceMoved", "market", { from: mine, to: other, amount: 2n * OPG }, { block: 3 }),
    event("BalanceMoved", "sessions", { from: other, to: mine, amount: OPG }, { block: 4 }),
    event("Withdrawn", "disputes", { account: mine, to: mine, amount: OPG }, { block: 5 }),
    event("Withdrawn", "market", { account: other, to: mine, amount: OPG }, { block: 6 }),
  ]);

  it("tells what came to and left the balances of an account, newest first", () => {
    assert.deepEqual(
      balanceMovesOf(index, mine).map(({ ledger, what, amount, other: to }) => [ledger, what, amount, to]),
      [
        ["disputes", "withdrawn", -OPG, undefined],
        ["sessions", "moved here", OPG, other],
        ["market", "moved away", -2n * OPG, other],
        ["market", "deposited", 5n * OPG, undefined],
      ],
    );
  });

  it("knows an account in any case of letters", () => {
    assert.equal(balanceMovesOf(index, mine.toUpperCase().replace("0X", "0x")).length, 4);
  });
});
