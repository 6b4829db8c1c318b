import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { entriesOf, pausesOf } from "../../src/entities/pauses.ts";
import { EventIndex } from "../../src/history/EventIndex.ts";
import { address, event, hash, timeOf } from "../support/events.ts";

const GUARDIAN = address(1);
const paused = (block: number, endsAt: bigint) =>
  event("Paused", "pauseGuardian", { guardian: GUARDIAN, endsAt }, { block });
const resumed = (block: number) => event("Resumed", "pauseGuardian", { guardian: GUARDIAN }, { block });

describe("pausesOf", () => {
  it("gives the newest first, and how each has ended", () => {
    assert.deepEqual(pausesOf(EventIndex.of([resumed(1), paused(2, 50n), resumed(3), paused(4, 90n)])), [
      { guardian: GUARDIAN, at: timeOf(4), endsAt: 90, tx: hash("block 4"), resumed: undefined },
      {
        guardian: GUARDIAN,
        at: timeOf(2),
        endsAt: 50,
        tx: hash("block 2"),
        resumed: { at: timeOf(3), tx: hash("block 3") },
      },
    ]);
  });
});

describe("entriesOf", () => {
  it("says of each contract until when it is closed", () => {
    const closed = event("EntriesPaused", "sessions", { time: 70n }, { block: 5 });
    const entries = entriesOf(EventIndex.of([closed]));
    assert.equal(entries.length, 6);
    assert.deepEqual(
      entries.filter(({ closedUntil }) => closedUntil > 0).map(({ contract, tx }) => [contract, tx]),
      [["sessions", hash("block 5")]],
    );
  });
});
