import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { jobOf } from "../../src/entities/jobs.ts";
import { EventIndex } from "../../src/history/EventIndex.ts";
import { event, hash, timeOf } from "../support/events.ts";
import { challenger, node, requester } from "../support/orders.ts";
import {
  accepted,
  agreement,
  appeal,
  BAD,
  cancelled,
  ESCROW,
  falsified,
  GOOD,
  packedAgreement,
  type Story,
  undecided,
} from "../support/stories.ts";

const timelineOf = ({ id, events }: Story) => jobOf(EventIndex.of(events), id)?.timeline ?? [];
const titlesOf = (story: Story) => timelineOf(story).map(({ title }) => title);

describe("timelineOf", () => {
  it("tells an agreement from the order to the delivery", () => {
    assert.deepEqual(titlesOf(agreement()), [
      "Ordered",
      "Drawn",
      ...Array<string>(4).fill("Sealed"),
      ...Array<string>(3).fill("Revealed"),
      "Collateral taken",
      "Final: Agreed",
      "Delivered",
    ]);
  });

  it("begins with what was ordered by whom", () => {
    const [ordered] = timelineOf(agreement());
    assert.deepEqual(ordered?.who, [requester]);
    assert.equal(ordered.amount, ESCROW);
    assert.equal(ordered.at, timeOf(100));
    assert.equal(ordered.tx, hash("block 100"));
  });

  it("names who revealed what", () => {
    const revealed = timelineOf(undecided()).filter(({ title }) => title === "Revealed");
    assert.deepEqual(
      revealed.map(({ who, outputRoot }) => [who, outputRoot]),
      [
        [[node(1)], GOOD],
        [[node(2)], GOOD],
        [[node(3)], BAD],
      ],
    );
  });

  it("tells seals and reveals of an appeal from those before it", () => {
    assert.deepEqual(titlesOf(appeal()).slice(8), [
      "Appeal begins",
      ...Array<string>(3).fill("Appeal: Sealed"),
      ...Array<string>(3).fill("Appeal: Revealed"),
      "Collateral taken",
      "Final: Decided",
    ]);
  });

  it("has one entry for seals that came together, and says how they were shown", () => {
    const story = packedAgreement();
    const nodes = [1, 2, 3].map(node);
    const entries = timelineOf(story);
    assert.deepEqual(titlesOf(story), ["Ordered", "Drawn", "3 nodes sealed together", "Final: Agreed"]);
    assert.deepEqual(entries[2]?.who, nodes);
    assert.deepEqual(entries[3]?.who, nodes);
    assert.match(entries[3].note ?? "", /3 nodes showed the same output together/);
  });

  it("has the reveals of a round that was unpacked", () => {
    const titles = titlesOf(packedAgreement({ unpacked: true }));
    assert.deepEqual(titles.slice(2), [
      "3 nodes sealed together",
      "Seals unpacked",
      "Revealed",
      "Revealed",
      "Revealed",
      "Final: Agreed",
    ]);
  });

  it("shows a dispute of one of its answers, with the way to it", () => {
    const entries = timelineOf(falsified());
    assert.deepEqual(
      entries.map(({ title }) => title),
      [
        "Ordered",
        "Reserved",
        "Answered",
        "Challenged",
        "Dispute: the node has lost",
        "Collateral taken",
        "False answer paid for",
        "Open for a second node",
        "Reserved",
        "Answered by a second node",
        "Final: Answered",
      ],
    );
    assert.deepEqual(entries[3]?.who, [challenger]);
    assert.equal(entries[3].disputeId, hash("game"));
  });

  it("leaves disputes of other statements out", () => {
    const { events } = falsified();
    const other = accepted({ nonce: 9n });
    assert.deepEqual(titlesOf({ id: other.id, events: [...events, ...other.events] }), [
      "Ordered",
      "Answered",
      "Final: Answered",
    ]);
  });

  it("ends where the requester took the order back", () => {
    assert.deepEqual(titlesOf(cancelled()), ["Ordered", "Final: Cancelled"]);
  });

  it("says why a reveal was left out", () => {
    const { id, events } = agreement();
    const sealed = events.find(({ name }) => name === "ResultSealed");
    assert.equal(sealed?.name, "ResultSealed");
    const { roundId } = sealed.args;
    const skipped = event("RevealSkipped", "commitments", { roundId, node: node(4), fault: 3n }, { block: 145 });
    const [entry] = timelineOf({ id, events: [...events, skipped] }).filter(({ title }) => title === "Reveal left out");
    assert.equal(entry?.note, "What it showed is not what it had sealed.");
  });

  it("has a key of its own for each entry", () => {
    const keys = timelineOf(appeal()).map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length);
  });
});
