import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { ZeroAddress } from "ethers";

import { jobOf, jobsOf } from "../../src/entities/jobs.ts";
import { EventIndex } from "../../src/history/EventIndex.ts";
import { address, event, hash, timeOf } from "../support/events.ts";
import { addresses, node, offeredOrder, orderedJob, PRICE, requester, versionId } from "../support/orders.ts";
import {
  accepted,
  agreement,
  appeal,
  BAD,
  cancelled,
  ESCROW,
  escrowIn,
  falsified,
  GOOD,
  OFFERED,
  packedAgreement,
  revealing,
  sealing,
  type Story,
  unanswered,
  undecided,
} from "../support/stories.ts";

const summaryOf = ({ events }: Story) => jobsOf(EventIndex.of(events))[0];
const viewOf = ({ id, events }: Story) => {
  const view = jobOf(EventIndex.of(events), id);
  assert.ok(view);
  return view;
};

describe("jobsOf", () => {
  it("tells of an agreement who ordered what, who answered, and what it cost", () => {
    const job = summaryOf(agreement());
    assert.equal(job?.market, "market");
    assert.equal(job.requester, requester);
    assert.equal(job.versionId, versionId);
    assert.equal(job.state, "Agreed");
    assert.equal(job.orderedAt, timeOf(100));
    assert.equal(job.settledAt, timeOf(160));
    assert.equal(job.escrow, ESCROW);
    assert.deepEqual(job.nodes, [1, 2, 3, 4].map(node));
    assert.deepEqual(
      job.statements.map(({ node: by, outputRoot }) => [by, outputRoot]),
      [1, 2, 3].map((number) => [node(number), GOOD]),
    );
    assert.equal(job.outputRoot, GOOD);
  });

  it("takes the escrow from the SDK", () => {
    assert.equal(escrowIn.ordered(), ESCROW);
    assert.equal(escrowIn.offered(), OFFERED);
  });

  const ends: readonly (readonly [Story, string, string | undefined])[] = [
    [packedAgreement(), "Agreed", GOOD],
    [appeal(), "Decided", GOOD],
    [undecided(), "Undecided", undefined],
    [unanswered(), "Unanswered", undefined],
    [cancelled(), "Cancelled", undefined],
    [accepted(), "Answered", GOOD],
    [falsified(), "Answered", GOOD],
  ];
  for (const [story, state, outputRoot] of ends) {
    it(`gives a job that ended as ${state}`, () => {
      const job = summaryOf(story);
      assert.deepEqual([job?.state, job?.isFinal, job?.outputRoot], [state, true, outputRoot]);
    });
  }

  it("costs nothing where all is refunded, and less than nothing where amends are more", () => {
    assert.equal(summaryOf(cancelled())?.cost, 0n);
    assert.equal(summaryOf(unanswered())?.cost, 0n);
    // Refunded, and paid a price by the liar.
    assert.equal(summaryOf(falsified())?.cost, -PRICE);
  });

  it("follows a job that runs, event by event", () => {
    const { events } = appeal();
    const states = events.map((_, i) => jobsOf(EventIndex.of(events.slice(0, i + 1)))[0]?.state);
    const steps = states.filter((state, i) => state !== states[i - 1]);
    assert.deepEqual(steps, ["Ordered", "Drawn", "Sealed", "Revealed", "Appeal", "Decided"]);
  });

  it("follows a job of one node, too", () => {
    const { events } = falsified();
    const states = events.map((_, i) => jobsOf(EventIndex.of(events.slice(0, i + 1)))[0]?.state);
    const steps = states.filter((state, i) => state !== states[i - 1]);
    const round = ["Open", "Reserved", "Answered, not final"];
    assert.deepEqual(steps, [...round, ...round, "Answered"]);
  });

  it("sees a named node's job as ordered, and one that was sealed as sealed", () => {
    const job = offeredOrder({ block: 10 }, { auditBps: 500 });
    const seals = sealing(job, 0, [node(1)], 12, addresses.optimistic);
    assert.equal(jobsOf(EventIndex.of([job.ordered]))[0]?.state, "Ordered");
    assert.equal(jobsOf(EventIndex.of([job.ordered, ...seals]))[0]?.state, "Sealed");
  });

  it("has the newest first, and takes what belongs to other jobs for none of its own", () => {
    const [first, second] = [agreement({}, 100), agreement({ nonce: 5n }, 3_000)];
    const jobs = jobsOf(EventIndex.of([...second.events, ...first.events]));
    assert.deepEqual(
      jobs.map(({ id }) => id),
      [second.id, first.id],
    );
    assert.deepEqual(
      jobs.map(({ statements }) => statements.length),
      [3, 3],
    );
  });

  it("sees what came later in a snapshot that has grown", () => {
    const { events } = agreement();
    const before = EventIndex.of(events.slice(0, 4));
    const running = jobsOf(before)[0];
    const after = jobsOf(before.with(events.slice(4)))[0];
    assert.deepEqual([running?.state, after?.state], ["Sealed", "Agreed"]);
    assert.equal(jobsOf(before)[0]?.state, "Sealed");
  });

  it("works jobs out once: a later look costs what is new", () => {
    const stories = Array.from({ length: 1_000 }, (_, i) => agreement({ nonce: BigInt(i) }, 100 + i).events);
    const index = EventIndex.of(stories.flat());
    const jobs = jobsOf(index);
    const later = jobsOf(index.with([orderedJob({ block: 99_999 }).ordered]));
    assert.equal(later.length, 1_001);
    assert.deepEqual(
      jobs.map((job, i) => job === later[i + 1]),
      jobs.map(() => true),
    );
  });
});

describe("jobOf", () => {
  it("finds none where there is none", () => {
    assert.equal(jobOf(EventIndex.of([]), hash("no job")), undefined);
  });

  it("finds a job by its id in capitals", () => {
    const { id, events } = accepted();
    assert.equal(jobOf(EventIndex.of(events), `0x${id.slice(2).toUpperCase()}`)?.summary.id, id);
  });

  it("gives each draw its round, with who sealed and what was shown", () => {
    const { rounds } = viewOf(appeal());
    assert.deepEqual(
      rounds.map(({ attempt, seats }) => [attempt, seats.map(({ outputRoot }) => outputRoot)]),
      [
        [0, [GOOD, GOOD, BAD]],
        [2, [GOOD, GOOD, GOOD]],
      ],
    );
  });

  it("shows of a packed round that its nodes were shown together where the job was settled", () => {
    const [round] = viewOf(packedAgreement()).rounds;
    assert.deepEqual([round?.isPacked, round?.round.isPacked], [true, true]);
    assert.deepEqual(
      round?.seats.map(({ isShown, outputRoot, revealed }) => [isShown, outputRoot, revealed?.at]),
      [1, 2, 3].map(() => [true, GOOD, timeOf(150)]),
    );
  });

  it("shows of an unpacked round the reveals that each node made itself", () => {
    const [round] = viewOf(packedAgreement({ unpacked: true })).rounds;
    assert.deepEqual([round?.isPacked, round?.round.isPacked], [true, false]);
    assert.deepEqual(
      round?.seats.map(({ isShown, revealed }) => [isShown, revealed?.at]),
      [141, 142, 143].map((block) => [false, timeOf(block)]),
    );
  });

  it("counts the seals and reveals of a round that runs", () => {
    const job = orderedJob({ block: 100 });
    const seals = sealing(job, 0, [1, 2, 3].map(node), 105);
    const reveals = revealing(seals[0]?.args.roundId ?? "", [[node(2), GOOD]], 140);
    const { rounds } = viewOf({ id: job.id, events: [job.ordered, ...seals, ...reveals] });
    assert.deepEqual([rounds[0]?.round.sealedCount, rounds[0]?.round.revealedCount], [3, 1]);
    assert.equal(rounds[0]?.round.sealEndsAt, timeOf(105) + 60);
  });

  it("knows who has reserved, and forgets a reservation that was not kept", () => {
    const { id, events } = falsified();
    const index = (count: number) => jobOf(EventIndex.of(events.slice(0, count)), id);
    assert.equal(index(2)?.reservation?.node, node(1));
    assert.equal(index(9)?.reservation, undefined);
    assert.equal(index(10)?.reservation?.node, node(2));
  });

  it("says what has become of the delivery", () => {
    assert.equal(viewOf(agreement()).delivery.state, "delivered");
    assert.equal(viewOf(accepted()).delivery.state, "waiting");
    assert.equal(viewOf(packedAgreement()).delivery.state, "none");
    const { id, events } = accepted();
    const args = { jobId: id, callback: address(0xcb), deliverer: node(1) };
    const failed = event("DeliveryFailed", "optimistic", args, { block: 2_200 });
    assert.equal(viewOf({ id, events: [...events, failed] }).delivery.state, "failed");
  });

  it("names the schedule that ordered it, and links before and after", () => {
    const [before, after] = [hash("job before"), hash("job after")];
    const { id, events } = accepted({ callback: ZeroAddress, deliveryTip: 0n });
    const link = { owner: hash("o"), source: hash("s"), orderHash: hash("h"), expiresAt: 99n };
    const created = (linkId: string, first: string) =>
      event(
        "LinkCreated",
        "jobChain",
        { linkId, owner: requester, first, link: { ...link, first }, order: "0x" },
        { block: 190 },
      );
    const followed = (linkId: string, jobId: string) =>
      event(
        "LinkFollowed",
        "jobChain",
        { linkId, jobId, follower: node(9), outputRoot: GOOD, cost: 1n, reward: 1n },
        { block: 200 },
      );
    const run = { scheduleId: hash("schedule"), jobId: id, keeper: node(8), index: 3n, cost: 1n, reward: 1n };
    const { neighbours } = viewOf({
      id,
      events: [
        ...events,
        event("RunOrdered", "scheduler", run, { block: 200 }),
        created(hash("link 1"), before),
        followed(hash("link 1"), id),
        created(hash("link 2"), id),
        followed(hash("link 2"), after),
        created(hash("link 3"), id),
      ],
    });
    assert.deepEqual(neighbours, {
      scheduleId: hash("schedule"),
      before,
      after: [
        { linkId: hash("link 2"), jobId: after },
        { linkId: hash("link 3"), jobId: undefined },
      ],
    });
  });
});
