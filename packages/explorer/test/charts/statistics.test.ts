import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { quartiles } from "../../src/parts/charts/statistics.ts";

describe("charts: quartiles", () => {
  it("interpolates between neighbours and does not sort what it was given", () => {
    const numbers = [4, 1, 3, 2];
    assert.deepEqual(quartiles(numbers), { min: 1, q1: 1.75, median: 2.5, q3: 3.25, max: 4 });
    assert.deepEqual(numbers, [4, 1, 3, 2]);
  });

  it("takes one number for all five", () => {
    assert.deepEqual(quartiles([7]), { min: 7, q1: 7, median: 7, q3: 7, max: 7 });
  });

  it("has nothing of nothing", () => {
    assert.equal(quartiles([]), undefined);
  });
});
