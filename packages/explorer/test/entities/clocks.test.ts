import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { JobState, type JobRecord } from "@opg-protocol/sdk";
import { ZeroAddress, ZeroHash } from "ethers";

import { answerDueAt, clocksOf } from "../../src/entities/clocks.ts";
import { jobOf, type JobView } from "../../src/entities/jobs.ts";
import { EventIndex } from "../../src/history/EventIndex.ts";
import { timeOf } from "../support/events.ts";
import { addresses, node, offeredOrder, orderedJob, PRICE } from "../support/orders.ts";
import { accepted, agreement, falsified, sealing, type Story } from "../support/stories.ts";

function viewOf({ id, events }: Story, count = events.length): JobView {
  const view = jobOf(EventIndex.of(events.slice(0, count)), id);
  assert.ok(view);
  return view;
}
const at = (view: JobView, now: number, record?: JobRecord) =>
  clocksOf(view, now, record).map(({ label, until }) => [label, until]);

const record = (startedAt: number): JobRecord => ({
  state: JobState.Open,
  seedBlockFixed: false,
  delivered: false,
  tipReclaimed: false,
  seed: 7n,
  seedBlock: 102,
  result: ZeroHash,
  startedAt,
});

describe("clocksOf", () => {
  it("tells of a draw without seals what storage knows", () => {
    const view = viewOf(agreement(), 2);
    const start = timeOf(106);
    assert.deepEqual(at(view, start - 1), []);
    assert.deepEqual(at(view, start - 1, record(start)), [["Sealing begins", start]]);
    // One step of a minute, and three more.
    assert.deepEqual(at(view, start, record(start)), [["Sealing ends at the latest", start + 240]]);
  });

  it("follows a round through sealing and revealing", () => {
    const job = orderedJob({ block: 100 });
    const seals = sealing(job, 0, [1, 2, 3].map(node), 105);
    const view = viewOf({ id: job.id, events: [job.ordered, ...seals] });
    const end = timeOf(105) + 60;
    assert.deepEqual(at(view, end - 1), [["Sealing ends", end]]);
    assert.deepEqual(at(view, end), [["Revealing ends", end + 1_000]]);
    assert.deepEqual(at(view, end + 1_000), []);
  });

  it("lets sealing go on to its last step where too few have sealed", () => {
    const job = orderedJob({ block: 100 });
    const view = viewOf({ id: job.id, events: [job.ordered, ...sealing(job, 0, [node(1)], 105)] });
    assert.deepEqual(at(view, timeOf(105) + 60), [["Sealing ends", timeOf(105) + 240]]);
  });

  it("counts down to the answer of a named node, and to the end of the challenge window", () => {
    const story = accepted();
    assert.deepEqual(at(viewOf(story, 1), timeOf(200)), [["The answer is due", timeOf(200) + 600]]);
    const end = timeOf(210) + 3_600;
    assert.deepEqual(at(viewOf(story, 2), end - 1), [["The time to challenge the answer ends", end]]);
    assert.deepEqual(at(viewOf(story, 2), end), []);
  });

  it("counts an auction's rise and end, a reservation, and a second node's time", () => {
    const given = { node: ZeroAddress, lowestPrice: PRICE / 2n, auctionDelay: 10, auctionRamp: 100 };
    const job = offeredOrder({ block: 200 }, given);
    assert.deepEqual(at(viewOf({ id: job.id, events: [job.ordered] }), timeOf(200)), [
      ["The price is highest", timeOf(200) + 110],
      ["The time to reserve it ends", timeOf(200) + 710],
    ]);
    const story = falsified();
    assert.deepEqual(at(viewOf(story, 2), timeOf(206)), [["The answer is due", timeOf(500)]]);
    assert.deepEqual(at(viewOf(story, 9), timeOf(601)), [["The time to reserve it ends", timeOf(600) + 600]]);
  });

  it("follows the round of an answer that was sealed", () => {
    const job = offeredOrder({ block: 10 }, { auditBps: 500 });
    const seals = sealing(job, 0, [1, 2, 3].map(node), 12, addresses.optimistic);
    const view = viewOf({ id: job.id, events: [job.ordered, ...seals] });
    assert.deepEqual(at(view, timeOf(13)), [["Sealing ends", timeOf(12) + 60]]);
  });

  it("runs on after the end only where a tip waits", () => {
    const end = timeOf(2_100) + 30 * 86_400;
    assert.deepEqual(at(viewOf(accepted()), timeOf(2_101)), [["The requester can take the tip back", end]]);
    assert.deepEqual(at(viewOf(agreement()), timeOf(2_101)), []);
  });
});

describe("answerDueAt", () => {
  it("is the reservation's deadline where there is one", () => {
    const view = viewOf(falsified(), 2);
    assert.equal(view.order.terms.market, "optimistic");
    assert.equal(answerDueAt(view, view.order.terms.job), timeOf(500));
  });
});
