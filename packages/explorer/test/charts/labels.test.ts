import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { barsLabel, partsLabel, seriesLabel } from "../../src/parts/charts/labels.ts";

describe("charts: labels", () => {
  it("says of parts how many, how much, and the largest", () => {
    const items = [
      { label: "n1", value: 1 },
      { label: "n2", value: 3 },
    ];
    assert.equal(partsLabel("Stake", items, "OPG"), "Stake: 2 parts, together 4 OPG; largest n2 with 3 OPG (75.0%).");
    assert.equal(barsLabel("Jobs", items, ""), "Jobs: 2 values; most n2 with 3, least n1 with 1.");
  });

  it("says of lines what is now and the range before", () => {
    const series = [
      {
        label: "Jobs",
        points: [
          [1, 4],
          [2, 2],
        ] as const,
      },
    ];
    assert.equal(
      seriesLabel("Per hour", series, "jobs"),
      "Per hour: Jobs 2 jobs at last, between 2 and 4 jobs before.",
    );
  });

  it("says that there is nothing", () => {
    assert.equal(partsLabel("Stake", [], "OPG"), "Stake: no data.");
    assert.equal(seriesLabel("Per hour", [], ""), "Per hour: no data.");
  });
});
