import { expect } from "chai";

import { runOn } from "./sandbox.ts";

/** A report of one contract, in the format of lcov: how often each line was taken, and how often each branch. */
const reportOf = (file: string, lines: readonly number[], branches: readonly string[]) =>
  [
    `SF:${file}`,
    ...lines.map((times, i) => `DA:${i + 1},${times}`),
    ...branches.map((times, i) => `BRDA:${i + 1},0,0,${times}`),
    "end_of_record",
    "",
  ].join("\n");

/** Line 98 and those behind it are the same. */
const SOURCE = Array.from({ length: 100 }, (_, i) => `    if (a || b${Math.min(i + 1, 98)}) return;`).join("\n");
const REASON = "| `contracts/Box.sol` | `if (a \\|\\| b98) return;` | nothing sets it |\n";

const taken = (count: number) => Array.from({ length: count }, () => "1");

describe("scripts/coverage.ts", () => {
  const run = (lines: readonly number[], branches: readonly string[], file = "contracts/Box.sol", reasons = REASON) =>
    runOn("coverage", {
      "contracts/Box.sol": SOURCE,
      "docs/branches.md": reasons,
      "coverage/lcov.info": reportOf(file, lines, []) + reportOf("contracts/test/Mock.sol", [0], []),
      "coverage/forge.info": reportOf(file, [], branches) + reportOf("contracts/test/Mock.sol", [], ["0"]),
    });

  it("passes with all lines and 97 of 100 branches, and names the others", () => {
    const { code, lines } = run([1, 2], [...taken(97), "0", "-", "0"]);
    expect(code).to.equal(0);
    expect(lines.slice(0, 3)).to.deep.equal([98, 99, 100].map((line) => `contracts/Box.sol:${line}: uncovered branch`));
  });

  it("fails for one line that is not covered, and names it", () => {
    const { code, lines } = run([1, 0], taken(1));
    expect(code).to.equal(1);
    expect(lines[0]).to.equal("contracts/Box.sol:2: uncovered line");
  });

  it("fails below 97 of 100 branches", () => {
    expect(run([1], [...taken(96), "0", "0", "0", "0"]).code).to.equal(1);
  });

  it("fails for a branch that is not taken and has no reason, and names its code", () => {
    const { code, lines } = run([1], [...taken(97), "0", "0"], "contracts/Box.sol", "");
    expect(code).to.equal(1);
    expect(lines[2]).to.equal("docs/branches.md has no reason for contracts/Box.sol: if (a || b98) return;");
  });

  it("does not pass where nothing of ours was measured", () => {
    expect(run([1], taken(1), "test/Box.t.sol").code).to.equal(1);
  });
});
