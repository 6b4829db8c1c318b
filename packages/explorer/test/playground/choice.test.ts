import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { packOptimisticOrder, parseOpg } from "@opg-protocol/sdk";
import { toBeHex } from "ethers";

import { type Choice, firstChoice, type OrderLimits, termsOf } from "../../src/playground/choice.ts";

const LIMITS: OrderLimits = {
  leastSealPeriod: 2,
  maxSealPeriod: 10,
  leastWindowPeriod: 30,
  maxAnswerPeriod: 60,
  mostInputBytes: 8192,
};
const VERSION = toBeHex(7, 32);
const NODE = toBeHex(9, 20);
const terms = (change: Partial<Choice>) =>
  termsOf({ ...firstChoice(LIMITS, { drawn: 4, alone: [NODE] }), ...change }, VERSION, LIMITS);

describe("playground: what is chosen", () => {
  it("begins with several nodes where they can be drawn, else with one", () => {
    assert.equal(firstChoice(LIMITS, { drawn: 2, alone: [NODE] }).market, "market");
    assert.equal(firstChoice(LIMITS, { drawn: 1, alone: [NODE] }).market, "optimistic");
    assert.equal(firstChoice(LIMITS, { drawn: 0, alone: [] }).market, "market");
  });

  it("stays inside the deployment's bounds", () => {
    const first = firstChoice({ ...LIMITS, maxSealPeriod: 3, maxAnswerPeriod: 8 }, { drawn: 1, alone: [] });
    assert.equal(first.sealPeriod, 3);
    assert.equal(first.answerPeriod, 5);
  });

  it("makes terms for several nodes", () => {
    assert.deepEqual(terms({ quorum: 3, auditPercent: 10 }), {
      market: "market",
      terms: {
        versionId: VERSION,
        seatPrice: parseOpg("1"),
        quorum: 3,
        sealPeriod: 4,
        auditBps: 1000,
        collateralFactor: 0,
      },
    });
  });

  it("makes terms for one named node, of whole millionths", () => {
    const chosen = terms({ market: "optimistic", price: parseOpg("1") + 1n });
    assert.ok(chosen?.market === "optimistic");
    assert.equal(chosen.terms.price, parseOpg("1"));
    assert.equal(chosen.terms.node, NODE);
    assert.equal(chosen.terms.windowPeriod, 30);
  });

  it("makes an auction where nobody is named", () => {
    const chosen = terms({ market: "optimistic", node: "", price: parseOpg("1.000001") });
    assert.ok(chosen?.market === "optimistic");
    assert.equal(chosen.terms.lowestPrice, parseOpg("0.5"));
    assert.equal(chosen.terms.auctionRamp, 60);
    assert.doesNotThrow(() => packOptimisticOrder({ ...chosen.terms, requester: NODE, inputRoot: VERSION }));
  });

  it("waits for what is not typed yet", () => {
    assert.equal(terms({ price: undefined }), undefined);
    assert.equal(terms({ quorum: undefined }), undefined);
    assert.equal(terms({ market: "optimistic", answerPeriod: undefined }), undefined);
  });
});
