import { expect } from "chai";

import { runOn } from "./sandbox.ts";

const STEPS = "step one\nnpm run -s rehearse\n";
const INVARIANTS = "| I01 | always | this | `sums/All.t.sol` |\n";
const SOLIDITY = "    /// @dev They add up [I01].\n    function test_sums() external {}\n";
const CONTROL = "--- a/locks.txt\n+++ b/locks.txt\n@@ -1 +0,0 @@\n-a lock\n";
const threats = (...rows: readonly string[]) => ["| id | attack | defence | test |", ...rows, ""].join("\n");
const titled = (...titles: readonly string[]) => titles.map((title) => `it("${title}", () => {});\n`).join("");

describe("scripts/traceability.ts", () => {
  const run = (rows: readonly string[], more: Readonly<Record<string, string>>) =>
    runOn("traceability", {
      ".ci/run": STEPS,
      "docs/threats.md": threats(...rows),
      "docs/invariants.md": INVARIANTS,
      "test/sums/All.t.sol": SOLIDITY,
      "test/controls/T001.patch": CONTROL,
      "locks.txt": "a lock\n",
      ...more,
    });

  it("passes where a title of its tests has each number or a step of CI proves it, and lists what nothing proves", () => {
    const rows = [
      "| T001 ★ | a thief | a lock | `attacks/thief`, `attacks/burglar` |",
      "| T002   | a liar  | proof  | `npm run rehearse`, `.ci/run` |",
      "| T003   | a copy  | none   | – |",
      "| T005   | a flood | a dam  | `dams` |",
    ];
    const outcome = run(rows, {
      "test/attacks/thief.test.ts": titled("is kept out [T001 I01]"),
      "test/attacks/burglar.test.ts": titled("is kept out as well"),
      "test/dams/high.test.ts": 'import { holds } from "../support/holds.ts";\n',
      "test/support/holds.ts": titled("holds [T005]"),
    });
    const lines = ["5 threats and invariants, 3 of them in titles; nothing proves T003"];
    expect(outcome).to.deep.equal({ code: 0, lines });
  });

  it("fails and names what no title of its tests names, what is not there, and what no document has", () => {
    const rows = [
      "| T001 ★ | a thief | a lock | `attacks/thief` |",
      "| T002   | a liar  | proof  | `npm run elsewhere` |",
      "| T003   | a copy  | none   | – |",
      "| T005   | a flood | a dam  | `dams` |",
    ];
    const outcome = run(rows, {
      "packages/sdk/test/liar.test.ts": titled("copies [T003 T004]", "a comment on T001", "holds, elsewhere [T005]"),
      "test/dams/high.test.ts": titled("leaks"),
    });
    expect(outcome.code).to.equal(1);
    expect(outcome.lines).to.deep.equal([
      "docs/threats.md: T001: attacks/thief is not there",
      "docs/threats.md: T001: no title of these tests names it, and no step of .ci/run proves it",
      "docs/threats.md: T002: npm run elsewhere is not there",
      "docs/threats.md: T002: no title of these tests names it, and no step of .ci/run proves it",
      "docs/threats.md: T003 has no test, and packages/sdk/test/liar.test.ts names it",
      "docs/threats.md: T005: no title of these tests names it, and no step of .ci/run proves it",
      "packages/sdk/test/liar.test.ts: no document has T004",
      "5 threats and invariants, 4 of them in titles; nothing proves T003",
    ]);
  });

  it("fails where a critical threat has no patch without its defence, or one that applies no more, or another has one", () => {
    const rows = ["| T001 ★ | a thief | a lock | `locks` |", "| T002 ★ | a liar | proof | `locks` |"];
    const outcome = run(rows, {
      "test/locks.test.ts": titled("hold [T001 T002]"),
      "test/controls/T003.patch": CONTROL,
      "locks.txt": "a better lock\n",
    });
    expect(outcome.code).to.equal(1);
    expect(outcome.lines).to.deep.equal([
      "test/controls/T001.patch does not apply: error: patch failed: locks.txt:1",
      "error: locks.txt: patch does not apply",
      "docs/threats.md: T002 has no patch in test/controls",
      "test/controls/T003.patch: no document has this as critical",
      "3 threats and invariants, 3 of them in titles; nothing proves none",
    ]);
  });

  it("does not pass where the documents have no numbers", () => {
    expect(runOn("traceability", { ".ci/run": STEPS, "docs/threats.md": "", "docs/invariants.md": "" }).code).to.equal(
      1,
    );
  });
});
