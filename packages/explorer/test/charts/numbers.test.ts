import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { parseOpg } from "@opg-protocol/sdk";

import { numberText, opgNumber, shareText, shortText, sumOf } from "../../src/parts/charts/numbers.ts";

describe("charts: numbers", () => {
  it("keeps three decimals of an amount", () => {
    assert.equal(opgNumber(parseOpg("1.5")), 1.5);
    assert.equal(opgNumber(parseOpg("0.0004")), 0);
    assert.equal(opgNumber(-parseOpg("2.25")), -2.25);
    assert.equal(opgNumber(parseOpg("1000000000")), 1e9);
  });

  it("writes four digits with the unit", () => {
    assert.equal(numberText(1.23456, "OPG"), "1.235 OPG");
    assert.equal(numberText(12345.6), "12,346");
    assert.equal(numberText(12, "%"), "12%");
  });

  it("shortens millions, which would not fit beside a bar", () => {
    assert.equal(shortText(970_000_000, "OPG"), "970M OPG");
    assert.equal(shortText(999_999, "OPG"), "999,999 OPG");
  });

  it("shares out, and says nothing of nothing", () => {
    assert.equal(shareText(1, 3), "33.3%");
    assert.equal(shareText(0, 0), "–");
    assert.equal(sumOf([1, 2, 3]), 6);
  });
});
