import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { parseOpg } from "@opg-protocol/sdk";

import { jobsPerHour, overviewOf } from "../../src/entities/overview.ts";
import { EventIndex } from "../../src/history/EventIndex.ts";
import { event, hash } from "../support/events.ts";
import { PRICE, ROYALTY } from "../support/orders.ts";
import { accepted, agreement, falsified } from "../support/stories.ts";

describe("overviewOf", () => {
  it("is all zero where nothing has happened", () => {
    assert.deepEqual(overviewOf(EventIndex.of([])), { jobs: 0, running: 0, settled: 0n, statements: 0, disputed: 0 });
  });

  it("counts jobs, statements, disputes and what was paid", () => {
    const story = falsified();
    const session = { sessionId: hash("session"), state: 1n, pay: 5n, fee: 2n, royalty: 1n, refund: 100n };
    const index = EventIndex.of([
      ...agreement().events,
      ...story.events,
      ...accepted({ nonce: 3n }).events.slice(0, 2),
      event("SessionSettled", "sessions", session, { block: 5_000 }),
    ]);
    const overview = overviewOf(index);
    assert.deepEqual([overview.jobs, overview.running], [3, 1]);
    assert.deepEqual([overview.statements, overview.disputed], [6, 1]);
    assert.equal(overview.settled, 3n * PRICE + parseOpg("0.3") + ROYALTY + PRICE + 8n);
  });
});

describe("jobsPerHour", () => {
  it("has each hour up to now, with those in which nothing was ordered", () => {
    const now = 10 * 3_600 + 5;
    const jobs = [{ orderedAt: now }, { orderedAt: now - 6 }, { orderedAt: now - 7_200 }, { orderedAt: 0 }];
    assert.deepEqual(jobsPerHour(jobs, now, 3), [
      [8 * 3_600, 1],
      [9 * 3_600, 1],
      [10 * 3_600, 1],
    ]);
  });
});
