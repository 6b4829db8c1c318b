import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { alignSeries, perHour, running } from "../../src/parts/charts/series.ts";

describe("charts: series", () => {
  it("counts per hour, with zeros and without what is too old", () => {
    const points = perHour([100, 3700, 3800, 7300], 7400, 2);
    assert.deepEqual(points, [
      [3600, 2],
      [7200, 1],
    ]);
  });

  it("makes a balance of changes", () => {
    assert.deepEqual(
      running([
        [1, 5],
        [2, -2],
      ]),
      [
        [1, 5],
        [2, 3],
      ],
    );
  });

  it("brings series to common times", () => {
    const series = [
      {
        label: "a",
        points: [
          [1, 10],
          [3, 30],
        ] as const,
      },
      { label: "b", points: [[2, 20]] as const },
    ];
    assert.deepEqual(alignSeries(series), {
      times: [1, 2, 3],
      values: [
        [10, null, 30],
        [null, 20, null],
      ],
    });
    assert.deepEqual(alignSeries(series, true).values, [
      [10, 10, 30],
      [null, 20, 20],
    ]);
  });
});
