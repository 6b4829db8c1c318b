import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { balanceMovesOf, nodesDelegatedTo, thawsOf } from "../../src/entities/accounts.ts";
import { EventIndex } from "../../src/history/EventIndex.ts";
import { address, event } from "../support/events.ts";

const OPG = 10n ** 18n;
const [mine, other, node, second] = [address(1), address(2), address(10), address(11)];

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

describe("Delegations", () => {
  const thawing = (thawId: bigint, of: string, block: number) =>
    event(
      "DelegationThawing",
      "staking",
      { node: of, delegator: mine, thawId, amount: OPG, shares: 1n, thawShares: 1n, endsAt: 5_000n },
      { block },
    );
  const index = EventIndex.of([
    event("Delegated", "staking", { node, delegator: mine, amount: 9n * OPG, shares: 9n }, { block: 1 }),
    event("Delegated", "staking", { node: second, delegator: mine, amount: OPG, shares: 1n }, { block: 2 }),
    event("Delegated", "staking", { node, delegator: mine, amount: OPG, shares: 1n }, { block: 3 }),
    event("Delegated", "staking", { node: address(12), delegator: other, amount: OPG, shares: 1n }, { block: 4 }),
    thawing(0n, node, 5),
    thawing(1n, node, 6),
    thawing(0n, second, 7),
    event(
      "DelegationRebonded",
      "staking",
      { node, delegator: mine, thawId: 0n, amount: OPG, shares: 1n },
      { block: 8 },
    ),
    event("DelegationWithdrawn", "staking", { node: second, delegator: mine, thawId: 0n, amount: OPG }, { block: 9 }),
  ]);

  it("are with each node once", () => {
    assert.deepEqual(nodesDelegatedTo(index, mine), [node, second]);
    assert.deepEqual(nodesDelegatedTo(index, address(99)), []);
  });

  it("thaw until they are bonded again or withdrawn", () => {
    assert.deepEqual(
      thawsOf(index, mine).map((thaw) => [thaw.node, thaw.thawId, thaw.endsAt]),
      [[node, 1n, 5_000]],
    );
  });
});
