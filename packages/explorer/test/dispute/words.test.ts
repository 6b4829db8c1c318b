import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { type Dispute } from "../../src/entities/disputes.ts";
import { moveText, stepCount, stepText } from "../../src/pages/dispute/words.ts";

const trace = (changes: Partial<Dispute>) =>
  ({ groups: undefined, entered: undefined, roots: [], laid: undefined, ...changes }) as Dispute;
const WHOLE = trace({ roots: ["a", "b", "c"] });
const IN_GROUPS = trace({ groups: ["g", "h"], entered: 1, roots: [] });

const move = (kind: Parameters<typeof moveText>[0]["kind"]) => ({ kind, at: 1, tx: "tx", deadline: undefined });

describe("What pages about disputes say of a trace", () => {
  it("how many steps it has, as far as the chain tells", () => {
    assert.equal(stepCount(WHOLE), "3");
    assert.equal(stepCount(IN_GROUPS), "65 to 128");
  });

  it("which step the two differ at, among how many", () => {
    assert.equal(stepText(1, WHOLE), "step 1 of 0 to 2");
    assert.equal(stepText(70, IN_GROUPS), "step 70");
  });

  it("what the challenger has laid down at first", () => {
    assert.match(moveText(move("challenged"), WHOLE), /the data roots of all 3 steps/);
    assert.match(moveText(move("challenged"), IN_GROUPS), /the roots of 2 groups of all 65 to 128 steps/);
  });

  it("which group the node has entered, and that the challenger has laid it down", () => {
    assert.match(moveText(move("entered"), IN_GROUPS), /entered group 1/);
    assert.match(moveText(move("laid"), IN_GROUPS), /the 64 steps of that group/);
  });

  it("at which step the node disagrees, and none where that was not told", () => {
    const laid = { index: 0, answer: { stepHash: "s", nodeRoot: "n", depth: 1 }, nodes: ["a", "b"], part: undefined };
    assert.match(moveText(move("answered"), { ...WHOLE, laid }), /at step 0 of 0 to 2, and laid down all 2 words/);
    assert.doesNotMatch(moveText(move("answered"), WHOLE), /\d/);
  });
});
