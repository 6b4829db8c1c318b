import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { honestSeatChance, lieBalanceOf } from "../src/deterrence.ts";

const LOCAL = { auditBps: 500, deterrence: 30n, challengerShareBps: 5_000n, auditSeats: 10n, auditSteps: 4n };
const balance = (share: number, puppets: boolean) => lieBalanceOf(LOCAL, { share, puppets });

describe("lieBalanceOf", () => {
  it("costs what the lock says where everybody else is honest, whatever the rate", () => {
    for (const auditBps of [100, 500, 10_000]) {
      assert.ok(Math.abs(lieBalanceOf({ ...LOCAL, auditBps }, { share: 0, puppets: false }) - 3) < 1e-6);
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
});

describe("honestSeatChance", () => {
  it("falls with the liar's share, and with those who are away", () => {
    assert.equal(honestSeatChance(LOCAL, { share: 1 }), 0);
    assert.ok(Math.abs(honestSeatChance(LOCAL, { share: 0.3 }) - 0.571) < 0.001);
    assert.ok(Math.abs(honestSeatChance(LOCAL, { share: 0.3, online: 0.5 }) - 0.426) < 0.001);
  });

  it("is larger where one seat is expected than where more are: the fastest would get it", () => {
    const liar = { share: 0.3 };
    assert.ok(honestSeatChance(LOCAL, liar) > honestSeatChance({ ...LOCAL, auditSeats: 15n }, liar));
  });
});
