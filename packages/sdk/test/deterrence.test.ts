import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { parseEther } from "ethers";

import { packOptimisticRules, unpackOptimisticRules } from "../src/codecs/optimisticRules.ts";
import { honestSeatChance, lieBalanceOf, type LieTerms } from "../src/deterrence.ts";

const RULES = unpackOptimisticRules(
  packOptimisticRules({
    feeBps: 250n,
    royaltyCapBps: 3_000n,
    deterrence: 30n,
    latePenaltyFactor: 5n,
    finisherShareBps: 5_000n,
    challengerShareBps: 5_000n,
    disputeBond: 0n, // so that the price and the value at stake alone are looked at
    maxAnswerPeriod: 60n,
    mostWindowPeriod: 100n,
    absenceBps: 1_250n,
    auditSeats: 10n,
    auditSteps: 4n,
    auditSealPeriod: 3n,
    auditRevealPeriod: 10n,
  }),
);
/** What is at stake is far beyond the price. */
const TERMS: LieTerms = { price: parseEther("1"), valueAtStake: 1_000, auditBps: 500, rules: RULES };
const balance = (share: number, puppets: boolean) => lieBalanceOf(TERMS, { share, puppets });

describe("lieBalanceOf", () => {
  it("costs what the lock says where everybody else is honest, whatever the rate", () => {
    for (const auditBps of [100, 500, 10_000]) {
      assert.ok(Math.abs(lieBalanceOf({ ...TERMS, auditBps }, { share: 0, puppets: false }) - 3) < 1e-6);
    }
  });

  it("lets no lie pay up to three tenths of the weight, even if puppets share the reward", () => {
    assert.ok(balance(0.3, true) > 1);
    assert.ok(balance(0.35, true) < 1);
  });

  it("lets none pay up to half of the weight, if they do not", () => {
    assert.ok(balance(0.5, false) > 1);
    assert.ok(balance(0.55, false) < 1);
  });

  it("lets none pay up to 29 % at any rate, even if the price alone is at stake and the liar takes it, too", () => {
    const rates = Array.from({ length: 100 }, (_, i) => 100 * (i + 1));
    const balances = rates.map((auditBps) => lieBalanceOf({ ...TERMS, valueAtStake: 0, auditBps }, { share: 0.29 }));
    assert.ok(Math.min(...balances) > 1);
    assert.equal(rates[balances.indexOf(Math.min(...balances))], 6_000);
    assert.ok(lieBalanceOf({ ...TERMS, valueAtStake: 0, auditBps: 6_000 }, { share: 0.3 }) < 1);
  });

  it("costs nothing where nothing is audited", () => {
    assert.equal(lieBalanceOf({ ...TERMS, auditBps: 0 }, { share: 0 }), 0);
  });
});

describe("honestSeatChance", () => {
  it("falls with the liar's share, and with those who are away", () => {
    assert.equal(honestSeatChance(RULES, { share: 1 }), 0);
    assert.ok(Math.abs(honestSeatChance(RULES, { share: 0.3 }) - 0.571) < 0.001);
    assert.ok(Math.abs(honestSeatChance(RULES, { share: 0.3, online: 0.5 }) - 0.426) < 0.001);
  });

  it("is larger where one seat is expected than where more are: the fastest would get it", () => {
    const liar = { share: 0.3 };
    assert.ok(honestSeatChance(RULES, liar) > honestSeatChance({ ...RULES, auditSeats: 15n }, liar));
  });
});
