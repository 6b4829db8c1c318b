import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { nodesOf } from "../../src/entities/stakes.ts";
import { pastYieldOf } from "../../src/entities/yields.ts";
import { EventIndex, type TimedEvent } from "../../src/history/EventIndex.ts";
import { address, event, hash } from "../support/events.ts";

const OPG = 10n ** 18n;
const node = address(0xa);
const DAY = 86_400;
const START = 1_780_000_000;
let block = 0;
const at = (day: number) => ({ block: ++block, time: START + day * DAY });

const registered = (day: number): TimedEvent =>
  event(
    "NodeRegistered",
    "staking",
    { node, signer: address(2), ownStake: 1_000n * OPG, commissionBps: 0n, metadataURI: "" },
    at(day),
  );
const delegated = (day: number, amount: bigint): TimedEvent =>
  event("Delegated", "staking", { node, delegator: address(3), amount, shares: amount * 1_000n }, at(day));
const rewarded = (day: number, own: bigint, toDelegated: bigint): TimedEvent =>
  event(
    "NodeRewarded",
    "staking",
    { node, payer: address(4), commission: 5n * OPG, own, delegated: toDelegated },
    at(day),
  );
const slashed = (day: number, own: bigint, taken: bigint): TimedEvent =>
  event(
    "NodeSlashed",
    "staking",
    {
      ...{ node, consumer: address(4), obligation: hash("version"), requested: own + taken },
      ...{ own, ownThawing: 0n, delegated: taken, delegatedThawing: 0n, harmed: 0n, rewarded: 0n },
    },
    at(day),
  );

function yieldOf(events: readonly TimedEvent[], fromDay: number, toDay: number) {
  const index = EventIndex.of(events);
  const [found] = nodesOf(index);
  assert.ok(found);
  return pastYieldOf(index, found, { from: START + fromDay * DAY, to: START + toDay * DAY });
}
const near = (value: number, expected: number) => {
  assert.ok(Math.abs(value - expected) < 1e-9, `${value} is not ${expected}`);
};

describe("pastYieldOf", () => {
  it("says that there was nothing, and since when it looked", () => {
    const past = yieldOf([registered(0)], -30, 10);
    assert.deepEqual([past.rewards, past.earned, past.lost], [0, 0, 0]);
    assert.deepEqual(past.period, { from: START, to: START + 10 * DAY });
  });

  it("compounds rewards of delegated stake", () => {
    const past = yieldOf(
      [registered(0), delegated(1, 100n * OPG), rewarded(2, 100n * OPG, 10n * OPG), rewarded(3, 50n * OPG, 11n * OPG)],
      0,
      10,
    );
    near(past.earned, 0.21);
    assert.equal(past.rewards, 2);
    assert.equal(past.rewarded, 181n * OPG);
  });

  it("takes own stake's rewards where nobody has delegated: delegated stake would have had the same", () => {
    near(yieldOf([registered(0), rewarded(2, 30n * OPG, 0n)], 0, 10).earned, 0.03);
  });

  it("counts only what was in the period, on the stake of that time", () => {
    const events = [registered(0), delegated(1, 100n * OPG), rewarded(2, 0n, 100n * OPG), rewarded(8, 0n, 20n * OPG)];
    near(yieldOf(events, 5, 10).earned, 0.1);
    assert.equal(yieldOf(events, 5, 7).rewards, 0);
  });

  it("tells what slashes took of delegated stake apart from what it earned", () => {
    const past = yieldOf([registered(0), delegated(1, 200n * OPG), slashed(2, 1_000n * OPG, 50n * OPG)], 0, 10);
    near(past.lost, 0.25);
    near(past.earned, 0);
    assert.deepEqual([past.slashes, past.slashed], [1, 1_050n * OPG]);
  });

  it("survives a node whose stake was taken whole", () => {
    const past = yieldOf(
      [registered(0), delegated(1, 200n * OPG), slashed(2, 1_000n * OPG, 200n * OPG), rewarded(3, 0n, 0n)],
      0,
      10,
    );
    near(past.lost, 1);
    near(past.earned, 0);
  });
});
