import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { operationsOf, waitingOperations } from "../../src/entities/operations.ts";
import { proposalOf, proposalsOf, stateOf } from "../../src/entities/proposals.ts";
import { EventIndex, type TimedEvent } from "../../src/history/EventIndex.ts";
import { address, event, hash, timeOf } from "../support/events.ts";

const MARKET = address(7);
const [ANN, BOB] = [address(1), address(2)];

const created = (id: bigint, block: number) =>
  event(
    "ProposalCreated",
    "governor",
    {
      proposalId: id,
      proposer: ANN,
      targets: [MARKET],
      values: [0n],
      signatures: [""],
      calldatas: ["0x1234"],
      voteStart: BigInt(timeOf(block + 10)),
      voteEnd: BigInt(timeOf(block + 20)),
      description: "Raise the fee",
    },
    { block },
  );
const voted = (id: bigint, voter: string, support: bigint, weight: bigint, block: number) =>
  event("VoteCast", "governor", { proposalId: id, voter, support, weight, reason: "because" }, { block });
const queued = (id: bigint, block: number) => [
  event(
    "CallScheduled",
    "timelock",
    {
      id: hash("operation"),
      index: 0n,
      target: MARKET,
      value: 0n,
      data: "0x1234",
      predecessor: hash("0"),
      delay: 100n,
    },
    { block },
  ),
  event("ProposalQueued", "governor", { proposalId: id, etaSeconds: BigInt(timeOf(block) + 100) }, { block }),
];

const only = (...events: readonly TimedEvent[]) => {
  const proposal = proposalOf(EventIndex.of(events), "5");
  assert.ok(proposal);
  return proposal;
};

describe("proposalsOf", () => {
  it("gives the newest first, with calls, votes and times", () => {
    const votes = [voted(5n, ANN, 1n, 30n, 12), voted(5n, BOB, 0n, 10n, 13), voted(6n, BOB, 2n, 7n, 14)];
    const [second, first, ...others] = proposalsOf(EventIndex.of([created(5n, 1), created(6n, 2), ...votes]));
    assert.deepEqual(others, []);
    assert.deepEqual(first?.calls, [{ to: MARKET, data: "0x1234", value: 0n }]);
    assert.deepEqual(first.tally, { for: 30n, against: 10n, abstain: 0n });
    assert.deepEqual(first.votes[1], {
      voter: BOB,
      vote: "against",
      weight: 10n,
      reason: "because",
      at: timeOf(13),
      tx: hash("block 13"),
    });
    assert.equal(first.voteStartsAt, timeOf(11));
    assert.deepEqual(second?.tally, { for: 0n, against: 0n, abstain: 7n });
  });

  it("knows of a vote that was made longer by a late quorum", () => {
    const late = event("ProposalExtended", "governor", { proposalId: 5n, extendedDeadline: 99n }, { block: 19 });
    const proposal = only(created(5n, 1), late);
    assert.equal(proposal.voteEndsAt, 99);
    assert.equal(proposal.isExtended, true);
  });

  it("is undefined for what nobody proposed", () => {
    assert.equal(proposalOf(EventIndex.EMPTY, "5"), undefined);
  });
});

describe("stateOf", () => {
  const open = [created(5n, 1), voted(5n, ANN, 1n, 30n, 12), voted(5n, BOB, 0n, 10n, 13)];
  const cases: readonly (readonly [string, number, bigint, readonly TimedEvent[]])[] = [
    ["Pending", timeOf(11), 0n, []],
    ["Active", timeOf(11) + 1, 0n, []],
    ["Active", timeOf(21), 0n, []],
    ["Succeeded", timeOf(21) + 1, 30n, []],
    ["Defeated", timeOf(21) + 1, 31n, []],
    ["Succeeded", timeOf(21) + 1, 35n, [voted(5n, MARKET, 2n, 5n, 14)]],
    ["Defeated", timeOf(21) + 1, 0n, [voted(5n, MARKET, 0n, 20n, 14)]],
    ["Queued", timeOf(30), 0n, queued(5n, 25)],
    [
      "Executed",
      timeOf(90),
      0n,
      [...queued(5n, 25), event("ProposalExecuted", "governor", { proposalId: 5n }, { block: 90 })],
    ],
    ["Canceled", timeOf(5), 0n, [event("ProposalCanceled", "governor", { proposalId: 5n }, { block: 4 })]],
  ];
  for (const [state, now, quorum, more] of cases) {
    it(`is ${state} at ${now - timeOf(0)} s with a quorum of ${quorum} and ${more.length} more events`, () => {
      assert.equal(stateOf(only(...open, ...more), now, quorum), state);
    });
  }
});

describe("operationsOf", () => {
  it("finds the proposal, and when it can be executed", () => {
    const [operation] = waitingOperations(EventIndex.of([created(5n, 1), ...queued(5n, 25)]));
    assert.equal(operation?.proposalId, "5");
    assert.equal(operation.executableAt, timeOf(25) + 100);
    assert.deepEqual(operation.calls, [{ to: MARKET, data: "0x1234", value: 0n }]);
  });

  it("knows what was executed or cancelled", () => {
    const done = event(
      "CallExecuted",
      "timelock",
      { id: hash("operation"), index: 0n, target: MARKET, value: 0n, data: "0x1234" },
      { block: 90 },
    );
    const index = EventIndex.of([...queued(5n, 25), done]);
    assert.deepEqual(waitingOperations(index), []);
    assert.deepEqual(operationsOf(index)[0]?.executed, { at: timeOf(90), tx: hash("block 90") });
    const cancelled = event("Cancelled", "timelock", { id: hash("operation") }, { block: 80 });
    assert.deepEqual(waitingOperations(EventIndex.of([...queued(5n, 25), cancelled])), []);
  });
});
