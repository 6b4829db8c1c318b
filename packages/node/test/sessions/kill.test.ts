import { strict as assert } from "node:assert";
import { describe, it } from "node:test";

import { temporaryFolder } from "../support/folder.ts";
import { killMany } from "../support/sessionKills.ts";

const KILLS = 100;

describe("A door for sessions that is killed at any instant", () => {
  it(`loses no receipt that a payer has seen, and nothing that is owed, ${KILLS} times [T128 D03]`, async () => {
    const { receipts, lost, short, interrupted } = await killMany(temporaryFolder(), KILLS);
    assert.deepEqual({ lost, short }, { lost: 0, short: 0 });
    assert.ok(receipts > KILLS, `${receipts} receipts`);
    // The instants were not all harmless.
    assert.ok(interrupted > 0, "no kill fell into a call");
  });
});
