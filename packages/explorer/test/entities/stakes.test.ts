import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { delegationsOfAccount, delegatorsOf, slashesOf, stakeHistoryOf, thawsOf } from "../../src/entities/nodeView.ts";
import { roomOf } from "../../src/entities/rooms.ts";
import { isServedAt } from "../../src/entities/serving.ts";
import { commissionOf, nodeOf, nodesOf } from "../../src/entities/stakes.ts";
import { EventIndex, type TimedEvent } from "../../src/history/EventIndex.ts";
import { address, event, hash, timeOf } from "../support/events.ts";

const OPG = 10n ** 18n;
const node = address(0xa);
const [owner, signer, delegator, market] = [address(1), address(2), address(3), address(4)];
const version = hash("version");

const registered = (block: number, ownStake = 1_000n * OPG): TimedEvent =>
  event(
    "NodeRegistered",
    "staking",
    { node, signer, ownStake, commissionBps: 1_000n, metadataURI: "https://node.example" },
    { block },
  );
const delegated = (block: number, amount: bigint, shares: bigint): TimedEvent =>
  event("Delegated", "staking", { node, delegator, amount, shares }, { block });
const slash = (
  block: number,
  taken: { own: bigint; ownThawing?: bigint; delegated?: bigint; delegatedThawing?: bigint },
) =>
  event(
    "NodeSlashed",
    "staking",
    {
      ...{ node, consumer: market, obligation: version, requested: 900n * OPG },
      ...{ ownThawing: 0n, delegated: 0n, delegatedThawing: 0n, ...taken },
      ...{ harmed: 10n * OPG, rewarded: 5n * OPG },
    },
    { block },
  );

const only = (...events: readonly TimedEvent[]) => {
  const index = EventIndex.of(events);
  const [found] = nodesOf(index);
  assert.ok(found);
  return { index, found };
};

describe("nodesOf", () => {
  it("knows no node without events", () => {
    assert.deepEqual(nodesOf(EventIndex.EMPTY), []);
  });

  it("takes owner, signer and stake from the registration", () => {
    const { found } = only(registered(1));
    assert.equal(found.owner, node);
    assert.equal(found.signer, signer);
    assert.equal(found.own, 1_000n * OPG);
    assert.equal(found.registeredAt, timeOf(1));
    assert.equal(found.lastActivity, timeOf(1));
    assert.equal(found.metadataURI, "https://node.example");
  });

  it("finds a node whatever the case of its address", () => {
    const { index } = only(registered(1));
    assert.equal(nodeOf(index, node.toUpperCase().replace("0X", "0x"))?.address, node);
    assert.equal(nodeOf(index, address(9)), undefined);
  });

  it("follows changes of owner, signer and description", () => {
    const { found } = only(
      registered(1),
      event("NodeTransferProposed", "staking", { node, owner: node, nextOwner: owner }, { block: 2 }),
      event("NodeTransferred", "staking", { node, from: node, to: owner }, { block: 3 }),
      event("SignerActivated", "staking", { node, signer: address(0) }, { block: 4 }),
      event("NodeMetadataSet", "staking", { node, metadataURI: "" }, { block: 5 }),
    );
    assert.deepEqual(
      [found.owner, found.nextOwner, found.signer, found.metadataURI],
      [owner, undefined, undefined, ""],
    );
  });

  it("keeps the commission until the announced one holds", () => {
    const later = timeOf(2) + 1_000;
    const { found } = only(
      registered(1),
      event("CommissionProposed", "staking", { node, commissionBps: 2_000n, effectiveAt: BigInt(later) }, { block: 2 }),
    );
    const before = commissionOf(found, later - 1);
    assert.deepEqual([before.current?.value, before.next?.value], [1_000, 2_000]);
    const after = commissionOf(found, later);
    assert.deepEqual([after.current?.value, after.next], [2_000, undefined]);
  });

  it("lists what it serves in each contract, and since when it acted", () => {
    const served = { node, versionId: version, weight: 0n, maxLock: 50n * OPG, endsAt: 2_000_000_000n };
    const { found } = only(
      registered(1),
      event("ServingSet", "market", { ...served, weight: 5n }, { block: 2 }),
      event("ServingSet", "sessions", served, { block: 3 }),
      event("ServingSet", "market", { ...served, weight: 0n, maxLock: 0n }, { block: 4 }),
      event(
        "PriceOffered",
        "prices",
        { node, versionId: version, callPrice: 7n, collateral: 8n, endpoint: "https://door" },
        { block: 5 },
      ),
    );
    assert.deepEqual(
      found.served.map((each) => [each.contract, isServedAt(each, timeOf(9))]),
      [
        ["market", false],
        ["sessions", true],
      ],
    );
    assert.equal(found.offers[0]?.callPrice, 7n);
    assert.equal(found.lastActivity, timeOf(5));
  });
});

describe("stake", () => {
  it("divides rewards, and pays commission to the owner's earnings", () => {
    const { found } = only(
      registered(1),
      delegated(2, 500n * OPG, 500_000n * OPG),
      event(
        "NodeRewarded",
        "staking",
        { node, payer: market, commission: 3n * OPG, own: 20n * OPG, delegated: 10n * OPG },
        { block: 3 },
      ),
      event("EarningsWithdrawn", "staking", { node, owner, amount: 1n * OPG }, { block: 4 }),
    );
    assert.deepEqual([found.own, found.delegated, found.earnings], [1_020n * OPG, 510n * OPG, 2n * OPG]);
    const [first] = delegatorsOf(found);
    assert.ok(first);
    assert.equal(first.paidIn, 500n * OPG);
    // A pool rounds against whoever leaves, and a thousand shares are nobody's.
    assert.ok(first.worth <= 510n * OPG && first.worth > 510n * OPG - 1_000n);
  });

  it("moves stake into thaws, back, and out", () => {
    const thaw = (thawId: bigint, block: number) =>
      event(
        "OwnStakeThawing",
        "staking",
        { node, thawId, amount: 100n * OPG, shares: 100_000n * OPG, endsAt: BigInt(timeOf(block) + 60) },
        { block },
      );
    const events = [registered(1), thaw(0n, 2), thaw(1n, 3)];
    const both = only(...events).found;
    assert.deepEqual([both.own, both.ownThawing, both.thawing], [800n * OPG, 200n * OPG, 200n * OPG]);
    assert.deepEqual(
      thawsOf(both).map(({ id, delegator: whose, endsAt }) => [id, whose, endsAt]),
      [
        [0n, undefined, timeOf(2) + 60],
        [1n, undefined, timeOf(3) + 60],
      ],
    );
    const { found } = only(
      ...events,
      event("OwnStakeRebonded", "staking", { node, thawId: 0n, amount: 100n * OPG }, { block: 4 }),
      event("OwnStakeWithdrawn", "staking", { node, thawId: 1n, owner, amount: 100n * OPG }, { block: 5 }),
    );
    assert.deepEqual([found.own, found.ownThawing, thawsOf(found)], [900n * OPG, 0n, []]);
  });

  it("moves delegated stake into thaws, and says what an account has where", () => {
    const { index, found } = only(
      registered(1),
      delegated(2, 300n * OPG, 300_000n * OPG),
      event(
        "DelegationThawing",
        "staking",
        {
          ...{ node, delegator, thawId: 0n, amount: 100n * OPG, shares: 100_000n * OPG, thawShares: 100_000n * OPG },
          endsAt: BigInt(timeOf(9)),
        },
        { block: 3 },
      ),
    );
    assert.deepEqual([found.delegated, found.delegatedThawing], [200n * OPG, 100n * OPG]);
    const [own] = delegationsOfAccount(index, delegator.toUpperCase().replace("0X", "0x"));
    assert.equal(own?.standing?.worth, 200n * OPG);
    assert.equal(own.gain, 0n);
    assert.equal(own.thaws[0]?.worth, 100n * OPG);
    assert.deepEqual(delegationsOfAccount(index, owner), []);
  });

  it("takes slashes from bonded and thawing stake, and tells where they went", () => {
    const { index, found } = only(
      registered(1),
      event(
        "OwnStakeThawing",
        "staking",
        { node, thawId: 0n, amount: 400n * OPG, shares: 400_000n * OPG, endsAt: BigInt(timeOf(50)) },
        { block: 2 },
      ),
      slash(3, { own: 100n * OPG, ownThawing: 40n * OPG }),
    );
    assert.deepEqual([found.own, found.ownThawing, found.slashed], [540n * OPG, 360n * OPG, 100n * OPG]);
    assert.ok((thawsOf(found)[0]?.worth ?? 0n) <= 360n * OPG);
    assert.deepEqual(
      slashesOf(index, node).map(({ own, paid, burned }) => [own, paid, burned]),
      [[100n * OPG, 15n * OPG, 85n * OPG]],
    );
    assert.deepEqual(
      stakeHistoryOf(index, node).map(({ own, thawing }) => [own, thawing]),
      [
        [1_000n * OPG, 0n],
        [600n * OPG, 400n * OPG],
        [540n * OPG, 360n * OPG],
      ],
    );
  });

  it("leaves delegators nothing after a slash that takes all", () => {
    const { found } = only(
      registered(1),
      delegated(2, 300n * OPG, 300_000n * OPG),
      slash(3, { own: 1_000n * OPG, delegated: 300n * OPG }),
    );
    assert.deepEqual([found.own, found.delegated, delegatorsOf(found)[0]?.worth ?? 0n], [0n, 0n, 0n]);
  });
});

describe("roomOf", () => {
  it("is what the ratio leaves, and never less than nothing", () => {
    assert.equal(roomOf({ own: 10n, delegated: 15n }, 2), 5n);
    assert.equal(roomOf({ own: 10n, delegated: 25n }, 2), 0n);
  });
});
