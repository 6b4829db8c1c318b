import { expect } from "chai";

import { runOn } from "./sandbox.ts";

const STEPS = "step one\nnpm run -s rehearse\n";
const INVARIANTS = "| I01 | always | this | `sums/All.t.sol` |\n";
const SOLIDITY = "    /// @dev They add up [I01].\n    function test_sums() external {}\n";
const threats = (...rows: readonly string[]) => ["| id | attack | defence | test |", ...rows, ""].join("\n");
const titled = (...titles: readonly string[]) => titles.map((title) => `it("${title}", () => {});\n`).join("");

describe("scripts/trace.ts", () => {
  const run = (rows: readonly string[], more: Readonly<Record<string, string>>) =>
    runOn("trace", {
      ".ci/run": STEPS,
      "docs/threats.md": threats(...rows),
      "docs/invariants.md": INVARIANTS,
      "test/sums/All.t.sol": SOLIDITY,
      ...more,
    });

  it("passes where each number is in a title or proven by a step of CI, and lists what nothing proves", () => {
    const rows = [
      "| T001 ★ | a thief | a lock | `attacks/thief` |",
      "| T002   | a liar  | proof  | `npm run rehearse`, `.ci/run` |",
      "| T003   | a copy  | none   | – |",
    ];
    const outcome = run(rows, { "test/attacks/thief.test.ts": titled("is kept out [T001 I01]") });
    const lines = ["4 threats and invariants, 2 of them in titles; nothing proves T003"];
    expect(outcome).to.deep.equal({ code: 0, lines });
  });

  it("fails and names what no title names, what is not there, and what no document has", () => {
    const rows = [
      "| T001 ★ | a thief | a lock | `attacks/thief` |",
      "| T002   | a liar  | proof  | `npm run elsewhere` |",
      "| T003   | a copy  | none   | – |",
    ];
    const outcome = run(rows, { "packages/sdk/test/liar.test.ts": titled("copies [T003 T004]", "a comment on T001") });
    expect(outcome.code).to.equal(1);
    expect(outcome.lines).to.deep.equal([
      "docs/threats.md: T001: attacks/thief is not there",
      "docs/threats.md: T001: no title of a test names it, and no step of .ci/run proves it",
      "docs/threats.md: T002: npm run elsewhere is not there",
      "docs/threats.md: T002: no title of a test names it, and no step of .ci/run proves it",
      "docs/threats.md: T003 has no test, and packages/sdk/test/liar.test.ts names it",
      "packages/sdk/test/liar.test.ts: no document has T004",
      "4 threats and invariants, 3 of them in titles; nothing proves T003",
    ]);
  });

  it("does not pass where the documents have no numbers", () => {
    expect(runOn("trace", { ".ci/run": STEPS, "docs/threats.md": "", "docs/invariants.md": "" }).code).to.equal(1);
  });
});
