import { spawn } from "node:child_process";
import { once } from "node:events";

import { expect } from "chai";
import hre from "hardhat";

import {
  conclude,
  EXIT,
  exitCodeOf,
  findingsText,
  SuiteError,
  toJson,
  type Outcome,
} from "../../scripts/suite/outcome.ts";

/** What a task prints, and with which code it ends. */
async function concluded(json: boolean, task: () => Promise<Outcome>) {
  const { log, error } = console;
  const before = process.exitCode;
  const [out, err]: [string[], string[]] = [[], []];
  console.log = (line: string) => void out.push(line);
  console.error = (line: string) => void err.push(line);
  try {
    await conclude(json, task);
    return { out, err, exitCode: process.exitCode };
  } finally {
    Object.assign(console, { log, error });
    process.exitCode = before ?? 0;
  }
}

const fails = () => Promise.reject(new SuiteError("3 is above the limit of 2", "take 2", EXIT.needsApproval));

describe("The end of a suite task", () => {
  it("is one object on stdout with --json, and nothing else, though libraries talk", async () => {
    const { out, exitCode } = await concluded(true, () => {
      console.log("a library talks");
      return Promise.resolve({ exitCode: EXIT.nothingToDo, report: { amount: 10n ** 18n }, text: "" });
    });
    expect(out).to.deep.equal(['{"exitCode":3,"amount":"1000000000000000000"}']);
    expect(exitCode).to.equal(3);
  });

  it("says what happened and how to mend it, on stderr", async () => {
    const { out, err, exitCode } = await concluded(false, fails);
    expect(out).to.deep.equal([]);
    expect(err.join("\n")).to.match(/FAIL.*3 is above the limit of 2\n +fix {2}take 2/);
    expect(exitCode).to.equal(4);
  });

  it("is an object for errors as well", async () => {
    const { out, exitCode } = await concluded(true, fails);
    expect(JSON.parse(out.join(""))).to.deep.equal({
      exitCode: 4,
      error: { name: "SuiteError", message: "3 is above the limit of 2", fix: "take 2" },
    });
    expect(exitCode).to.equal(4);
  });

  for (const [what, end, signal] of [
    ["by a library that calls that a success", "process.exit(0);", undefined],
    ["by Ctrl-C", "", "SIGINT"],
    ["by whoever stops the machine", "", "SIGTERM"],
  ] as const) {
    it(`is a failure, and says how to go on, when the process is ended before the task, ${what}`, async () => {
      const script = `
        import { conclude } from "./scripts/suite/outcome.ts";
        await conclude(true, () => {
          console.error("begun");
          ${end}
          return new Promise((resolve) => setTimeout(resolve, 60_000));
        });`;
      const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { cwd: hre.config.paths.root });
      const [out, err]: [string[], string[]] = [[], []];
      child.stdout.on("data", (chunk: Buffer) => out.push(chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => {
        err.push(chunk.toString());
        if (signal !== undefined) child.kill(signal);
      });
      const [code] = (await once(child, "close")) as [number | null];
      expect(code, err.join("")).to.equal(EXIT.stopped);
      expect(JSON.parse(out.join(""))).to.deep.equal({
        exitCode: 130,
        error: {
          name: "SuiteError",
          message: "It was stopped before it was done",
          fix: "Run the same command again: what is done stays done",
        },
      });
    });
  }

  it("leaves to Hardhat what nobody foresaw", async () => {
    const thrown = await concluded(false, () => Promise.reject(new TypeError("odd"))).then(() => "nothing", String);
    expect(thrown).to.equal("TypeError: odd");
  });

  it("fails as soon as one finding does", () => {
    const findings = [
      { item: "rpc", level: "ok", says: "9 ms" },
      { item: "key", level: "FAIL", says: "not set", fix: "set it" },
    ] as const;
    expect(exitCodeOf(findings)).to.equal(1);
    expect(exitCodeOf(findings.slice(0, 1))).to.equal(0);
    expect(findingsText(findings)).to.match(/ok.* rpc {2}9 ms\n.*FAIL.* key {2}not set\n +fix {2}set it/);
  });

  it("keeps amounts that numbers cannot hold", () => {
    expect(toJson([2n ** 64n])).to.equal('["18446744073709551616"]');
  });
});
