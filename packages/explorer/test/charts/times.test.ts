import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { timeTick } from "../../src/parts/charts/times.ts";

describe("timeTick", () => {
  it("says as much as tells one tick from the next", () => {
    const at = Date.UTC(2026, 10, 23, 2, 9, 30) / 1000;
    assert.match(timeTick(at, 86_400), /^2[234] Nov$/);
    assert.match(timeTick(at, 3_600), /^\d\d:\d\d$/);
    assert.match(timeTick(at, 10), /^\d\d:\d\d:30$/);
    assert.equal(timeTick(new Date(2026, 10, 23).getTime() / 1000, 3_600), "23 Nov");
  });
});
