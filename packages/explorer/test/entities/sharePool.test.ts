import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { leastOf } from "../../src/entities/bounds.ts";
import { sharesFor, sharesNow, slashed, worthOf } from "../../src/entities/sharePool.ts";

describe("share pools", () => {
  it("are worth what they were paid, rounded down", () => {
    const pool = { assets: 1_000n, shares: 1_000_000n, epoch: 0 };
    assert.equal(worthOf(pool, { shares: 500_000n, epoch: 0 }), 500n);
    assert.equal(sharesFor(pool, 10n), 10_000n);
  });

  it("count shares anew where a slash leaves too many of them", () => {
    const pool = { assets: 10n ** 21n, shares: 10n ** 24n, epoch: 0 };
    const after = slashed(pool, 10n ** 21n - 10n ** 12n);
    assert.equal(after.epoch, 1);
    assert.equal(after.shares, (10n ** 24n) >> 27n);
    assert.equal(sharesNow(after, { shares: 10n ** 24n, epoch: 0 }), after.shares);
    assert.deepEqual(slashed(pool, pool.assets).shares, 0n);
  });
});

describe("leastOf", () => {
  it("leaves the price some room to move", () => {
    assert.equal(leastOf(10_000n), 9_900n);
    assert.equal(leastOf(0n), 0n);
  });
});
