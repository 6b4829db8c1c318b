import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { EventIndex } from "../../src/history/EventIndex.ts";
import { withoutForeignRounds } from "../../src/history/rounds.ts";
import { address, event, hash } from "../support/events.ts";

const addresses = { market: address(1), optimistic: address(2) };
const jobId = hash("job");

const opened = (round: string, consumer: string, block: number) =>
  event("RoundOpened", "commitments", { roundId: hash(round), consumer, jobId, attempt: 0n, terms: 0n }, { block });
const sealed = (round: string, block: number) =>
  event(
    "ResultSealed",
    "commitments",
    { roundId: hash(round), node: address(9), commitment: hash("seal"), sealEndsAt: 5n },
    { block },
  );

describe("withoutForeignRounds", () => {
  it("keeps the rounds of both markets, and what is about no round", () => {
    const events = [
      opened("a", address(1), 1),
      sealed("a", 1),
      opened("b", address(2), 2),
      sealed("b", 2),
      event("ChallengeSealed", "disputes", { commitment: hash("x") }, { block: 3 }),
    ];
    assert.deepEqual(withoutForeignRounds(events, EventIndex.EMPTY, addresses), events);
  });

  it("drops rounds that somebody else opened about a job, with their seals", () => {
    const own = opened("a", address(1), 1);
    const events = [own, opened("c", address(66), 1), sealed("c", 2), sealed("a", 3)];
    assert.deepEqual(withoutForeignRounds(events, EventIndex.EMPTY, addresses), [own, events[3]]);
  });

  it("knows rounds that earlier batches have opened", () => {
    const index = EventIndex.of([opened("a", address(1), 1)]);
    const events = [sealed("a", 2), sealed("c", 2)];
    assert.deepEqual(withoutForeignRounds(events, index, addresses), [events[0]]);
  });
});
