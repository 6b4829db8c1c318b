import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { countedUntil } from "../../src/entities/buckets.ts";
import { heldUntil } from "../../src/entities/heldUntil.ts";
import { drawnTermsOf, singleTermsOf } from "../../src/entities/quotes.ts";
import { agreementOf, jobsOfNode, latenciesOf, useOfVersion, useOfVersions } from "../../src/entities/usage.ts";
import { EventIndex } from "../../src/history/EventIndex.ts";
import { event, hash, timeOf } from "../support/events.ts";
import { node, PRICE, requester, ROYALTY, versionId } from "../support/orders.ts";
import { accepted, agreement, appeal, cancelled, undecided } from "../support/stories.ts";

const indexOf = (...stories: readonly { readonly events: Parameters<typeof EventIndex.of>[0] }[]) =>
  EventIndex.of(stories.flatMap(({ events }) => events));

describe("useOfVersion", () => {
  it("is empty for a version that nobody ordered", () => {
    const use = useOfVersion(EventIndex.EMPTY, versionId);
    assert.deepEqual(use, {
      ...{ jobs: [], sessions: [], royalties: 0n, pay: 0n, disputes: 0 },
      agreement: { agreed: 0, of: 0 },
    });
  });

  it("sums what owner and nodes have earned in both markets", () => {
    const use = useOfVersion(indexOf(agreement(), accepted()), versionId);
    assert.equal(use.jobs.length, 2);
    assert.equal(use.royalties, 2n * ROYALTY);
    assert.equal(use.pay, 4n * PRICE);
    assert.deepEqual(useOfVersion(indexOf(agreement()), hash("other")).jobs, []);
  });

  it("counts sessions, and what they have paid", () => {
    const session = { versionId, payer: hash("payer"), node: hash("node"), key: requester };
    const rest = { royalty: hash("royalty"), shape: hash("shape"), rules: hash("rules") };
    const sessionId = hash("session");
    const paid = { sessionId, state: 2n, pay: 7n, fee: 1n, royalty: 2n, refund: 0n };
    const index = EventIndex.of([
      event(
        "SessionOpened",
        "sessions",
        { sessionId, payer: requester, node: node(1), session: { ...session, ...rest }, deposit: 10n },
        { block: 5 },
      ),
      event("SessionSettled", "sessions", paid, { block: 6 }),
      event("SessionSettled", "sessions", { ...paid, sessionId: hash("unknown") }, { block: 7 }),
    ]);
    const use = useOfVersion(index, versionId);
    assert.deepEqual([use.sessions, use.pay, use.royalties], [[timeOf(5)], 7n, 2n]);
  });

  it("adds versions up", () => {
    const index = indexOf(agreement());
    const both = useOfVersions(index, [versionId, hash("other")]);
    assert.deepEqual([both.jobs.length, both.pay], [1, 3n * PRICE]);
    assert.deepEqual(both.agreement, { agreed: 3, of: 3 });
  });
});

describe("agreementOf", () => {
  it("counts statements against the output that stands", () => {
    const { jobs } = useOfVersion(indexOf(appeal()), versionId);
    assert.deepEqual(agreementOf(jobs), { agreed: 5, of: 6 });
    assert.deepEqual(agreementOf(jobs, node(3)), { agreed: 0, of: 1 });
    assert.deepEqual(agreementOf(jobs, node(9)), { agreed: 0, of: 0 });
  });

  it("says nothing of jobs in which nothing was decided", () => {
    for (const story of [undecided(), cancelled()]) {
      const { jobs } = useOfVersion(indexOf(story), versionId);
      assert.equal(jobs.length, 1);
      assert.deepEqual(agreementOf(jobs), { agreed: 0, of: 0 });
    }
  });
});

describe("latenciesOf", () => {
  it("has the seconds from order to statement of each node", () => {
    const { jobs } = useOfVersion(indexOf(agreement()), versionId);
    assert.deepEqual(
      [...latenciesOf(jobs)],
      [1, 2, 3].map((number, i) => [node(number), [timeOf(140 + i) - timeOf(100)]]),
    );
  });
});

describe("jobsOfNode", () => {
  it("has the jobs in which it has a part", () => {
    const index = indexOf(agreement());
    assert.equal(jobsOfNode(index, node(4)).length, 1);
    assert.equal(jobsOfNode(index, node(5)).length, 0);
  });
});

describe("what is quoted", () => {
  it("are the terms of the last order", () => {
    const index = indexOf(agreement(), accepted());
    assert.equal(drawnTermsOf(index, versionId).terms.seatPrice, PRICE);
    const single = singleTermsOf(index, versionId, 60);
    assert.equal(single.terms.price, PRICE);
    assert.equal(single.from?.id, accepted().id);
  });

  it("is an example where nothing was ordered", () => {
    assert.equal(drawnTermsOf(EventIndex.EMPTY, versionId).from, undefined);
    assert.equal(singleTermsOf(EventIndex.EMPTY, versionId, 60).terms.windowPeriod, 60);
  });
});

describe("heldUntil", () => {
  it("goes on with the last value", () => {
    assert.deepEqual(heldUntil([[5, 1]], 9), [
      [5, 1],
      [9, 1],
    ]);
    assert.deepEqual(heldUntil([[5, 1]], 5), [[5, 1]]);
    assert.deepEqual(heldUntil([], 5), []);
  });
});

describe("countedUntil", () => {
  it("puts times into parts that can be told apart, each with a number", () => {
    const { size, points } = countedUntil([6_000, 6_010, 7_300], 13_200);
    assert.equal(size, 600);
    assert.deepEqual(
      points.map(([, count]) => count),
      [2, 0, 1, ...Array.from({ length: 10 }, () => 0)],
    );
    assert.equal(points[0]?.[0], 6_000);
  });

  it("shows some time even if everything happened at once", () => {
    const { size, points } = countedUntil([6_000], 6_001);
    assert.deepEqual([size, points.length, points.at(-1)], [60, 12, [6_000, 1]]);
  });

  it("never makes more parts than there is room for", () => {
    const { points } = countedUntil([0], 10 ** 9);
    assert.ok(points.length <= 62);
  });
});
