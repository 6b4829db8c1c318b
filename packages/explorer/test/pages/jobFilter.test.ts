import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { jobsOf } from "../../src/entities/jobs.ts";
import { EventIndex } from "../../src/history/EventIndex.ts";
import { ALL_JOBS, filterJobs, type JobFilter } from "../../src/pages/jobs/filter.ts";
import { node, requester, versionId } from "../support/orders.ts";
import { accepted, agreement, type Story } from "../support/stories.ts";

const running = accepted({ nonce: 7n });
const stories: readonly Story[] = [agreement(), accepted(), { ...running, events: running.events.slice(0, 2) }];
const index = EventIndex.of(stories.flatMap(({ events }) => events));
const shown = (filter: Partial<JobFilter>) =>
  filterJobs(index, jobsOf(index), { ...ALL_JOBS, ...filter }).map(({ state }) => state);

describe("filterJobs", () => {
  it("shows all if nothing is asked for", () => {
    assert.deepEqual(shown({}), ["Answered", "Answered, not final", "Agreed"]);
  });

  it("shows jobs of one market, of one state, or under way", () => {
    assert.deepEqual(shown({ market: "market" }), ["Agreed"]);
    assert.deepEqual(shown({ state: "Answered" }), ["Answered"]);
    assert.deepEqual(shown({ state: "running" }), ["Answered, not final"]);
  });

  it("shows jobs of a version, and those that somebody ordered or answered", () => {
    assert.equal(shown({ version: versionId }).length, 3);
    assert.equal(shown({ version: "no such model" }).length, 0);
    assert.equal(shown({ account: requester.toLowerCase() }).length, 3);
    assert.deepEqual(shown({ account: node(4) }), ["Agreed"]);
  });
});
