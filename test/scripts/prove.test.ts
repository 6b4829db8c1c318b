import { expect } from "chai";

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PART = 'import {JobLib} from "contracts/libraries/JobLib.sol";';

/** Milliseconds for a question that has an answer, on a machine that is busy, and for one that has none. */
const MOST_TIME = 60_000;
const LITTLE_TIME = 3_000;

/** Runs the script on a file with one function. */
function proving(body: string, args: readonly string[] = [], time = MOST_TIME): { code: number | null; text: string } {
  const folder = mkdtempSync(join(tmpdir(), "opg-prove-"));
  try {
    const file = join(folder, "One.sol");
    const lines = ["pragma solidity ^0.8.24;", PART, "contract One {", body, "}"];
    writeFileSync(file, `// SPDX-License-Identifier: MIT\n${lines.join("\n")}\n`);
    const command = ["scripts/prove.ts", file, "--json", ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      encoding: "utf8",
      env: { ...process.env, PROVE_TIMEOUT: String(time) },
    });
    return { code: status, text: `${stdout}${stderr}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const within = (bound: string): string => `
    function within(uint256 whole, uint256 bps) external pure {
        require(whole < 1 << 128 && bps <= ${bound});
        assert(JobLib.part(whole, bps) <= whole);
    }`;

describe("scripts/prove.ts", function () {
  this.timeout(600_000);

  it("passes what holds for every input, and fails where too little is proved", () => {
    const { code, text } = proving(within("10_000"));
    expect(text).to.contain('"proved": 1');
    expect(code).to.equal(0);
    expect(proving(within("10_000"), ["--least", "2"]).code).to.equal(1);
  });

  it("fails what does not hold for one input", () => {
    const { code, text } = proving(within("10_001"));
    expect(text).to.contain('"violated": 1');
    expect(code).to.equal(1);
  });

  it("fails what nobody can decide in time", () => {
    const sumOfCubes = `
    function sumOfCubes(uint256 x, uint256 y, uint256 z) external pure {
        require(0 < x && x < 1 << 60 && 0 < y && y < 1 << 60 && z < 1 << 60);
        assert(x * x * x + y * y * y != z * z * z);
    }`;
    const { code, text } = proving(sumOfCubes, [], LITTLE_TIME);
    expect(text).to.contain('"unknown": 1');
    expect(code).to.equal(1);
  });

  it("fails what holds of no input at all", () => {
    const { code, text } = proving(within("10_000 && bps > 10_000"));
    expect(text).to.contain('"vacuous": 1');
    expect(code).to.equal(1);
  });

  it("refuses a loop, of which the checker sees a few turns alone", () => {
    const { code, text } = proving(`
    function count(uint256 n) external pure {
        uint256 i;
        while (i < n) ++i;
        assert(i == n);
    }`);
    expect(text).to.contain("was not checked");
    expect(code).to.equal(1);
  });
});
