import { strict as assert } from "node:assert";
import { describe, it } from "node:test";

import { CrowdedError } from "../../dist/door/errors.js";
import { Gate } from "../../dist/door/Gate.js";

describe("Gate", () => {
  it("forgets callers who have nothing here any more", async () => {
    const gate = new Gate({ calls: 8, callsPerCaller: 1, runs: 1 });
    const { callers } = gate as unknown as { callers: Map<string, number> };
    await gate.holdFor("a", async () => {
      assert.deepEqual([...callers], [["a", 1]]);
      await assert.rejects(
        gate.holdFor("a", () => Promise.resolve()),
        new CrowdedError(1, "one caller"),
      );
      assert.deepEqual([...callers], [["a", 1]]);
    });
    await assert.rejects(
      gate.holdFor("b", () => Promise.reject(new Error("it failed"))),
      /it failed/,
    );
    assert.equal(callers.size, 0);
  });

  it("does not begin what nobody waits for", async () => {
    const gate = new Gate({ calls: 8, callsPerCaller: 8, runs: 1 });
    const reason = new Error("gone");
    await assert.rejects(
      gate.run(() => Promise.reject(new Error("it ran")), AbortSignal.abort(reason)),
      reason,
    );
  });
});
