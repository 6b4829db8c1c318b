import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { formatParameter, parameterTitle } from "../../src/pages/governance/parameterText.ts";
import { titleOf } from "../../src/pages/governance/titleOf.ts";

describe("formatParameter", () => {
  it("says a number in its unit", () => {
    assert.equal(formatParameter(250n, "bps"), "2.5 %");
    assert.equal(formatParameter(10_000n, "bps"), "100 %");
    assert.equal(formatParameter(90n, "seconds"), "1 min 30 s");
    assert.equal(formatParameter(10n ** 16n, "opg"), "0.01 OPG");
    assert.equal(formatParameter(10n ** 6n, "wei"), "0.001 gwei");
    assert.equal(formatParameter(25n, "tenths"), "2.5");
    assert.equal(formatParameter(30_000n, "opgPerEth"), "30,000 OPG");
    assert.equal(formatParameter(1_000n, "count"), "1,000");
  });
});

describe("parameterTitle", () => {
  it("makes words of a name", () => {
    assert.equal(parameterTitle("seatFactorBps"), "Seat factor");
    assert.equal(parameterTitle("opgPerEth"), "OPG per ETH");
    assert.equal(parameterTitle("period"), "Period");
  });
});

describe("titleOf", () => {
  it("is the first line that says anything", () => {
    assert.equal(titleOf("\n\n# Raise the fee \nWhy not"), "Raise the fee");
    assert.equal(titleOf(" \n"), "Without description");
  });
});
