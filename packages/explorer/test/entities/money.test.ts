import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { OptimisticState, parseOpg } from "@opg-protocol/sdk";

import { jobOf } from "../../src/entities/jobs.ts";
import type { MoneyFlow, PartyKind } from "../../src/entities/money.ts";
import { EventIndex } from "../../src/history/EventIndex.ts";
import { event, hash } from "../support/events.ts";
import { challenger, deliverer, modelOwner, node, PRICE, requester, ROYALTY, TIP } from "../support/orders.ts";
import {
  accepted,
  agreement,
  ANSWER_COLLATERAL,
  appeal,
  cancelled,
  COLLATERAL,
  ESCROW,
  falsified,
  OFFERED,
  packedAgreement,
  slashed,
  type Story,
  unanswered,
  undecided,
} from "../support/stories.ts";

const moneyOf = ({ id, events }: Story) => {
  const view = jobOf(EventIndex.of(events), id);
  assert.ok(view);
  return view.money;
};
const sum = (flows: readonly MoneyFlow[]): bigint => flows.reduce((total, { amount }) => total + amount, 0n);
const between = (flows: readonly MoneyFlow[], from: PartyKind, to: PartyKind, account?: string): bigint =>
  sum(
    flows.filter(
      (flow) => flow.from.kind === from && flow.to.kind === to && (account ?? flow.to.account) === flow.to.account,
    ),
  );

const stories: Readonly<Record<string, Story>> = {
  agreement: agreement(),
  "packed agreement": packedAgreement(),
  appeal: appeal(),
  undecided: undecided(),
  unanswered: unanswered(),
  cancelled: cancelled(),
  accepted: accepted(),
  falsified: falsified(),
};

describe("moneyOf", () => {
  for (const [name, story] of Object.entries(stories)) {
    it(`neither loses nor makes money: ${name}`, () => {
      const { escrow, flows, held } = moneyOf(story);
      assert.equal(sum(flows.filter(({ from }) => from.kind === "escrow")) + held, escrow);
      for (const kind of ["slashed", "prize"] as const) {
        assert.equal(
          sum(flows.filter(({ to }) => to.kind === kind)),
          sum(flows.filter(({ from }) => from.kind === kind)),
          kind,
        );
      }
      assert.ok(flows.every(({ amount }) => amount > 0n));
    });
  }

  it("pays each right seat, the model's owner, the treasury and who delivers", () => {
    const { flows, held } = moneyOf(agreement());
    for (const number of [1, 2, 3]) assert.equal(between(flows, "escrow", "node", node(number)), PRICE);
    assert.equal(between(flows, "escrow", "node", node(4)), 0n);
    assert.equal(between(flows, "escrow", "modelOwner", modelOwner), ROYALTY);
    assert.equal(between(flows, "escrow", "treasury"), parseOpg("0.3"));
    assert.equal(between(flows, "escrow", "deliverer", deliverer), TIP);
    assert.equal(held, 0n);
  });

  it("divides what a silent seat lost among those who revealed, and burns the rest", () => {
    const { flows } = moneyOf(agreement());
    assert.equal(between(flows, "slashed", "node", node(1)), PRICE / 3n);
    assert.equal(between(flows, "slashed", "requester", requester), PRICE - 3n * (PRICE / 3n));
    assert.equal(between(flows, "stake", "burned"), COLLATERAL / 10n - PRICE);
  });

  it("lets a liar pay the appeal and the requester", () => {
    const { flows } = moneyOf(appeal());
    assert.deepEqual(
      [4, 5, 6].map((number) => between(flows, "slashed", "node", node(number))),
      [PRICE, PRICE, PRICE],
    );
    assert.deepEqual(
      [1, 2, 3, 4].map((number) => between(flows, "escrow", "node", node(number))),
      [PRICE, PRICE, 0n, 0n],
    );
    assert.equal(between(flows, "slashed", "requester"), 4n * PRICE);
    assert.equal(between(flows, "stake", "burned"), COLLATERAL - 7n * PRICE);
  });

  it("pays every reveal of an undecided job a part", () => {
    const { flows } = moneyOf(undecided());
    for (const number of [1, 2, 3, 4, 5]) assert.equal(between(flows, "escrow", "node", node(number)), PRICE / 2n);
    assert.equal(between(flows, "escrow", "requester"), ESCROW - (5n * PRICE) / 2n);
    assert.equal(between(flows, "stake", "burned"), COLLATERAL);
  });

  it("gives everything back where nobody answered, or the order was taken back", () => {
    for (const story of [unanswered(), cancelled()]) {
      assert.equal(between(moneyOf(story).flows, "escrow", "requester", requester), ESCROW);
    }
  });

  it("holds the escrow as long as a job runs, and the tip until the delivery", () => {
    const { id, events } = accepted();
    assert.equal(moneyOf({ id, events: events.slice(0, 2) }).held, OFFERED);
    assert.equal(moneyOf({ id, events }).held, TIP);
    const reclaimed = event("TipReclaimed", "optimistic", { jobId: id, requester, amount: TIP }, { block: 9_000 });
    const { flows, held } = moneyOf({ id, events: [...events, reclaimed] });
    assert.equal(held, 0n);
    assert.equal(between(flows, "escrow", "requester"), TIP);
  });

  it("pays requester, challenger and second node out of a liar's stake", () => {
    const { flows } = moneyOf(falsified());
    const share = (ANSWER_COLLATERAL - 2n * PRICE) / 2n;
    assert.equal(between(flows, "stake", "requester", requester), PRICE);
    assert.equal(between(flows, "stake", "challenger", challenger), share);
    assert.equal(between(flows, "stake", "prize"), PRICE);
    assert.equal(between(flows, "stake", "burned"), share);
    assert.equal(between(flows, "prize", "node", node(2)), PRICE);
    assert.equal(between(flows, "escrow", "requester", requester), OFFERED);
  });

  it("burns a prize that the second node did not earn", () => {
    const { id, events } = falsified();
    const state = BigInt(OptimisticState.Refused);
    const args = {
      jobId: id,
      state,
      node: node(2),
      outputRoot: hash("error"),
      refund: 0n,
      fee: 0n,
      royalty: 0n,
      pay: 0n,
    };
    const { flows } = moneyOf({
      id,
      events: [...events.slice(0, -1), event("JobClosed", "optimistic", args, { block: 2_500 })],
    });
    assert.equal(between(flows, "prize", "burned"), PRICE);
  });

  it("pays an auditor, and its fee, out of the escrow", () => {
    const { id, events } = accepted({ auditBps: 500 });
    const fee = PRICE / 20n;
    const audit = { jobId: id, auditor: node(7), pay: PRICE, fee };
    const { flows } = moneyOf({ id, events: [...events, event("AuditClosed", "optimistic", audit, { block: 2_100 })] });
    assert.equal(between(flows, "escrow", "node", node(7)), PRICE);
    assert.equal(between(flows, "escrow", "treasury"), 2n * fee);
  });

  it("does not mix up what two jobs of one transaction took from the same node", () => {
    const [one, other] = [unanswered(), cancelled()];
    const where = { block: 950 };
    const events = [
      ...one.events,
      ...slashed("market", hash("another job"), node(1), [9n, 9n], where),
      ...slashed("market", one.id, node(1), [7n, 0n], where),
      ...slashed("market", other.id, node(1), [5n, 5n], where),
    ];
    const { flows } = moneyOf({ id: one.id, events });
    assert.equal(between(flows, "stake", "burned"), 7n);
  });

  it("names the transaction that each number comes from", () => {
    const { flows } = moneyOf(agreement());
    assert.ok(flows.every(({ tx, to }) => tx === hash(to.kind === "deliverer" ? "block 170" : "block 160")));
  });
});
